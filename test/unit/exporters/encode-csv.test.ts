import { expect, test } from 'vitest';
import { encodeCsv, toCsvCell } from '../../../src/exporters/encode-csv.ts';
import type { ExportRecord, ExportValue } from '../../../src/exporters/export-record.ts';
import { parseCsv } from '../../helpers/parse-csv.ts';

async function csvOf(columns: string[], records: ExportRecord[], options = {}): Promise<string> {
  let text = '';
  for await (const chunk of encodeCsv(columns, records, options)) text += chunk;
  return text;
}

test('writes the header alone when there is nothing to export (§10.14)', async () => {
  expect(await csvOf(['id', 'notes'], [])).toBe('id,notes\n');
});

test('puts a byte-order mark in front only when asked', async () => {
  expect(await csvOf(['id'], [], { bom: true })).toBe('\uFEFFid\n');
  expect(await csvOf(['id'], [])).toBe('id\n');
});

const cells: [string, ExportValue, string][] = [
  ['a missing value', null, ''],
  ['empty text, told apart from a missing value', '', '""'],
  ['a number', -5, '-5'],
  ['the same as text (§10.14)', '-5', "'-5"],
  ['a formula (§10.14)', '=1+1', "'=1+1"],
  ['a formula after blanks (§10.14)', '  =A1', "'  =A1"],
  ['a full-width formula (§10.14)', '＝A', "'＝A"],
  ['a minus inside (§10.14)', '12-3', '12-3'],
  ['a leading apostrophe (§10.14)', "'hello", "'hello"],
  ['an apostrophe before a formula (§10.14)', "'=1", "''=1"],
  ['a leading tab', '\tx', "'\tx"],
  ['a leading line feed', '\nx', '"\'\nx"'],
  ['true', true, 'true'],
  ['false', false, 'false'],
  ['an instant in UTC with ms', new Date('2026-01-14T08:15:00Z'), '2026-01-14T08:15:00.000Z'],
  ['a local time with offset', '2026-01-14T09:15:00.250+01:00', '2026-01-14T09:15:00.250+01:00'],
  ['a list', ['person', 'car'], 'person; car'],
  ['an empty list', [], '""'],
  ['a list of numbers', [3, 4], '3; 4'],
  ['a list that starts with a formula', ['=cmd', 'x'], "'=cmd; x"],
  ['a comma', 'a,b', '"a,b"'],
  ['quotes', 'say "hi"', '"say ""hi"""'],
  ['a lone carriage return', 'a\rb', '"a\rb"'],
  ['a fraction', 0.1234, '0.1234'],
  ['zero', 0, '0'],
  ['zero below zero', -0, '0'],
  ['the largest id', 9_007_199_254_740_991, '9007199254740991'],
  ['a number beyond it', 1e21, '1e+21'],
  ['a number near nothing', 5e-324, '5e-324'],
  ['a list of large numbers', [-9_007_199_254_740_991, 0.5], '-9007199254740991; 0.5'],
  ['a list with quotes', ['say "hi"', 'a,b'], '"say ""hi""; a,b"'],
  ['a replacement pattern', '"$&', '"""$&"'],
];

test.each(cells)('writes %s', async (_, value, expected) => {
  expect(await csvOf(['a', 'b'], [{ a: value, b: 1 }])).toBe(`a,b\n${expected},1\n`);
});

test('writes a row of a single missing value as a row, not as a blank line', async () => {
  expect(await csvOf(['notes'], [{ notes: null }, { notes: 'x' }, { notes: '' }])).toBe('notes\n""\nx\n""\n');
});

test('quotes titles that need it', async () => {
  expect(await csvOf(['a,b', 'say "x"', '-5'], [])).toBe('"a,b","say ""x""",-5\n');
});

test('keeps the order of the columns asked for and leaves out the others', async () => {
  expect(await csvOf(['c', 'a'], [{ a: 1, b: 2, c: 3 }])).toBe('c,a\n3,1\n');
});

test('a column the record lacks is empty', () => {
  expect(toCsvCell(undefined)).toBeNull();
});

const hostile = [
  '=HYPERLINK("http://x","y")',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '\u00a0=1',
  '\u3000＝1',
  "'''=1",
  'line one\nline two\r\nline three',
  '"quoted", and "more"',
  '👩‍👩‍👧‍👦 🚗',
  '\u202Egnp.exe',
  'مرحبا',
  '日本語',
  '\u0001',
  ',,,',
  '""',
  "'",
  ' ',
  '\\"',
  '\u2028',
  'é'.normalize('NFD'),
  'x'.repeat(40_000),
  '"'.repeat(40_000),
];

test.each(hostile)('reads back exactly what was written: %j', async (text) => {
  const csv = await csvOf(['id', 'text'], [{ id: 1, text }]);
  expect(parseCsv(csv)).toEqual([
    ['id', 'text'],
    ['1', text],
  ]);
});

test.each(hostile)('a spreadsheet sees no formula in %j', (text) => {
  expect(toCsvCell(text)).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
});

test('keeps every row over chunk borders, in order', async () => {
  const records = Array.from({ length: 20_000 }, (_, index) => ({ id: index, name: `n${String(index)}` }));
  const rows = parseCsv(await csvOf(['id', 'name'], records));
  expect(rows.slice(1)).toEqual(records.map(({ id, name }) => [String(id), name]));
});

test('holds at most one chunk of text before it hands it on, however long the rows are', async () => {
  let taken = 0;
  async function* endless(): AsyncIterable<ExportRecord> {
    for (;;) yield await Promise.resolve({ id: (taken += 1), text: 'x'.repeat(1000) });
  }
  const chunks = encodeCsv(['text'], endless())[Symbol.asyncIterator]();
  await chunks.next();
  expect(taken).toBe(0);
  await chunks.next();
  expect(taken).toBe(Math.ceil(65_536 / 1001));
});
