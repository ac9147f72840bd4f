import { expect, test } from 'vitest';
import type { Column } from '../../../src/cli/column.ts';
import { displayWidth } from '../../../src/cli/display-width.ts';
import { printList, type ListFormat } from '../../../src/cli/print-list.ts';
import { toTerminal } from '../../../src/cli/terminal.ts';

type Row = { id: number; name: string; note: string | null; at: Date };

const COLUMNS: Column<Row>[] = [
  { key: 'id', value: (row) => row.id, align: 'right' },
  { key: 'name', value: (row) => row.name },
  { key: 'note', title: 'remark', value: (row) => row.note },
  { key: 'at', value: (row) => row.at, isExtra: true },
];
const AT = new Date('2026-01-14T08:15:00.123Z');
const ROWS: Row[] = [
  { id: 1, name: 'gate', note: null, at: AT },
  { id: 20, name: '=cmd|calc', note: 'two\nlines', at: AT },
];

type Shown = { columns?: number; wanted?: string[]; rows?: Row[]; isTty?: boolean };

async function show(format: ListFormat, { columns, wanted, rows = ROWS, isTty = columns !== undefined }: Shown = {}): Promise<string> {
  let text = '';
  const terminal = toTerminal({ isTTY: isTty, columns: columns ?? 80 }, { color: false, env: {} });
  await printList(rows, { columns: COLUMNS, format, wanted, terminal, write: async (part) => void (text += part) });
  return text;
}

test('an empty list is valid in every format', async () => {
  expect(await show('table', { rows: [] })).toBe('nothing found\n');
  expect(JSON.parse(await show('json', { rows: [] }))).toEqual({ schema_version: 1, items: [] });
  expect(await show('csv', { rows: [] })).toBe('id,name,note\n');
  expect(await show('ids', { rows: [] })).toBe('');
  expect(JSON.parse(await show('ndjson', { rows: [] }))).toEqual({ type: 'summary', count: 0, exit_code: 0 });
});

test('JSON holds all columns with their own types, uncut and unguarded', async () => {
  expect(JSON.parse(await show('json'))).toEqual({
    schema_version: 1,
    items: [
      { id: 1, name: 'gate', note: null, at: '2026-01-14T08:15:00.123Z' },
      { id: 20, name: '=cmd|calc', note: 'two\nlines', at: '2026-01-14T08:15:00.123Z' },
    ],
  });
});

test('NDJSON ends with a summary line', async () => {
  const lines = (await show('ndjson')).trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(JSON.parse(lines[2]!)).toMatchObject({ type: 'summary', count: 2 });
});

test('CSV guards formulas and shows the default columns', async () => {
  expect(await show('csv')).toBe('id,name,note\n1,gate,\n20,\'=cmd|calc,"two\nlines"\n');
});

test('ids are one per line', async () => {
  expect(await show('ids')).toBe('1\n20\n');
});

test('--columns chooses and orders; an unknown one is refused with the nearest name', async () => {
  expect(await show('csv', { wanted: ['at', 'id'] })).toContain('at,id\n2026-01-14T08:15:00.123Z,1\n');
  await expect(show('table', { wanted: ['nmae'] })).rejects.toMatchObject({
    exitCode: 2,
    hint: expect.stringContaining('did you mean name?'),
  });
});

test('a table has a title line, aligned cells and escapes for control characters', async () => {
  expect(await show('table', { columns: 80 })).toBe('id  name       remark\n 1  gate\n20  =cmd|calc  two\\nlines\n');
});

test.each([20, 24, 30, 40, 60, 80, 200])('no line is wider than a terminal of %i columns', async (columns) => {
  const rows = [{ id: 1, name: '日本'.repeat(40), note: 'x'.repeat(300), at: AT }, ...ROWS];
  const lines = (await show('table', { columns, rows, wanted: ['id', 'name', 'note', 'at'] })).split('\n');
  expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns);
  expect(lines.join('\n')).toContain('…');
});

test('nothing is cut when the output is no terminal', async () => {
  const rows = [{ id: 1, name: 'n'.repeat(500), note: null, at: AT }];
  expect(await show('table', { rows })).toContain('n'.repeat(500));
});

test.each([199, 200, 201, 1000])('a list of %i rows looks the same above and below the table limit', async (count) => {
  const rows = Array.from({ length: count }, (_, index) => ({ id: index + 1000, name: 'gate', note: 'n', at: AT }));
  const lines = (await show('table', { rows, columns: 40 })).trimEnd().split('\n');
  expect(lines).toHaveLength(count + 1);
  expect(lines[0]).toBe('  id  name  remark');
  expect(new Set(lines.slice(1).map((line) => line.slice(4)))).toEqual(new Set(['  gate  n']));
});

test('a very narrow terminal gets a block per row', async () => {
  const wanted = ['id', 'name', 'note', 'at'];
  const text = await show('table', { columns: 20, wanted });
  expect(text.split('\n\n')).toHaveLength(2);
  expect(text).toContain('name    gate');
});

test('direction marks cannot fake what is shown, and JSON keeps them', async () => {
  const rows = [{ id: 1, name: 'a\u202egpj.exe\x1b[2J', note: null, at: AT }];
  expect(await show('table', { rows })).toContain('a\\u202egpj.exe\\x1b[2J');
  expect(JSON.parse(await show('json', { rows })).items[0].name).toBe('a\u202egpj.exe\x1b[2J');
});
