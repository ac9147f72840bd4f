import { buffer } from 'node:stream/consumers';
import { readXlsx } from 'hucre/xlsx';
import { expect, test } from 'vitest';
import { encodeExcel } from '../../../src/exporters/excel/encode-excel.ts';
import type { ExcelExport } from '../../../src/exporters/excel/sheet-texts.ts';
import type { ExportRecord, ExportValue } from '../../../src/exporters/export-record.ts';
import { unguardFormula } from '../../../src/lib/guard-formula.ts';
import { readZipTexts } from '../../helpers/read-zip-texts.ts';

const AT = new Date('2026-03-29T01:30:00.250Z');
const HEAD = { type: 'events', exportedAt: AT, filters: {}, version: '1.2.3', timezone: 'Europe/Berlin' };

type Given = Partial<ExcelExport> & { columns: readonly string[] };

function excelOf(given: Given, records: AsyncIterable<ExportRecord> | Iterable<ExportRecord>): Promise<Buffer> {
  return buffer(encodeExcel({ ...HEAD, ...given }, records));
}

async function sheetsOf(given: Given, records: readonly ExportRecord[]) {
  const { sheets } = await readXlsx(await excelOf(given, records));
  return Object.fromEntries(sheets.map(({ name, rows }) => [name, rows]));
}

test('writes a header and what it is about when there is nothing to export', async () => {
  const { events, about } = await sheetsOf({ columns: ['id', 'started_at'] }, []);
  expect(events).toEqual([['Id', 'Started at']]);
  expect(about).toContainEqual(['Rows', 0]);
  expect(about).toContainEqual(['Filters', 'none']);
});

const cells: [string, ExportValue, unknown][] = [
  ['a number', -5, -5],
  ['a fraction', 0.1234, 0.1234],
  ['what no cell can count', Infinity, 'Infinity'],
  ['true', true, true],
  ['false', false, false],
  ['an instant', new Date('2026-01-14T08:15:00.250Z'), new Date('2026-01-14T08:15:00.250Z')],
  ['an instant before spreadsheets begin', new Date('1850-01-01T00:00:00Z'), '1850-01-01T00:00:00.000Z'],
  ['text', 'Gate', 'Gate'],
  ['text that looks like a number', '0012', '0012'],
  ['a number as text (§10.14)', '-5', "'-5"],
  ['a formula (§10.14)', '=1+1', "'=1+1"],
  ['a formula after blanks (§10.14)', '  =A1', "'  =A1"],
  ['a full-width formula (§10.14)', '＝A', "'＝A"],
  ['a leading apostrophe (§10.14)', "'hello", "'hello"],
  ['an apostrophe before a formula (§10.14)', "'=1", "''=1"],
  ['markup', '<b>&amp;"</b>]]>', '<b>&amp;"</b>]]>'],
  ['line ends as they are', 'a\r\nb\rc\nd', 'a\r\nb\rc\nd'],
  ['blanks at both ends', ' a ', ' a '],
  ['control characters', 'a\u0001b\u001F', 'a\u0001b\u001F'],
  ['what looks like an escape', '_x0041_', '_x0041_'],
  ['half a surrogate pair', 'a\uD83Db', 'a\uFFFDb'],
  ['emoji and right-to-left text', '👨‍👩‍👧 שלום', '👨‍👩‍👧 שלום'],
  ['a list', ['person', 'car'], 'person; car'],
  ['a list of one number', [3], '3'],
];

test.each(cells)('holds %s', async (_, value, expected) => {
  const { events } = await sheetsOf({ columns: ['id', 'notes'] }, [{ id: 1, notes: value }]);
  expect(events?.[1]).toEqual([1, expected]);
});

test('shows a local time as the wall clock, also in the hour that comes twice', async () => {
  const { events } = await sheetsOf({ columns: ['started_at_local'] }, [
    { started_at_local: '2026-10-25T02:30:00.000+02:00' },
    { started_at_local: '2026-10-25T02:30:00.000+01:00' },
    { started_at_local: 'unknown' },
  ]);
  expect(events?.slice(1)).toEqual([[new Date('2026-10-25T02:30:00Z')], [new Date('2026-10-25T02:30:00Z')], ['unknown']]);
});

test('cuts text that no cell can hold, never through a character, and says so', async () => {
  const records = ['x'.repeat(32_767), 'x'.repeat(40_000), `${'x'.repeat(32_765)}👋👋`].map((notes) => ({ notes }));
  const { events, about } = await sheetsOf({ columns: ['notes'] }, records);
  expect(events?.[1]?.[0]).toBe('x'.repeat(32_767));
  expect(events?.[2]?.[0]).toBe(`${'x'.repeat(32_766)}…`);
  expect(events?.[3]?.[0]).toBe(`${'x'.repeat(32_765)}…`);
  expect(about?.find(([label]) => label === 'Cells cut')?.[1]).toMatch(/^2, at 32767 /);
});

test('goes on in further sheets with the header of the first', async () => {
  const records = Array.from({ length: 5 }, (_, index) => ({ id: index + 1 }));
  const sheets = await sheetsOf({ columns: ['id'], rowsPerSheet: 2 }, records);
  expect(Object.keys(sheets)).toEqual(['events', 'events 2', 'events 3', 'about']);
  expect(sheets['events 3']).toEqual([['Id'], [5]]);
  expect(sheets['about']).toContainEqual(['Sheets', 'events, events 2, events 3']);
  const exact = await sheetsOf({ columns: ['id'], rowsPerSheet: 5 }, records);
  expect(Object.keys(exact)).toEqual(['events', 'about']);
});

test('says what was asked for and what came of it', async () => {
  const filters = { since: new Date('2026-01-01T00:00:00Z'), camera_ids: ['gate', 'yard'], reviewed: false, text: '=evil' };
  const records = ['high', 'low', 'critical', 'high', null].map((risk_level, index) => ({
    risk_level,
    timezone: index === 0 ? 'Asia/Tokyo' : 'Europe/Berlin',
  }));
  const { about } = await sheetsOf({ columns: ['risk_level', 'timezone'], filters }, records);
  expect(about).toEqual(
    expect.arrayContaining([
      ['Exported at (UTC)', AT],
      ['Program', 'hs 1.2.3'],
      ['Rows', 5],
      ['Filter: since', '2026-01-01T00:00:00.000Z'],
      ['Filter: camera ids', 'gate; yard'],
      ['Filter: reviewed', 'false'],
      ['Filter: text', "'=evil"],
      ['Risk level: critical', 1],
      ['Risk level: high', 2],
      ['Risk level: none', 1],
      ['Time zones of cameras', 'Asia/Tokyo, Europe/Berlin'],
      ['Time zone of the settings', 'Europe/Berlin'],
    ]),
  );
});

test('has a frozen bold header with a filter, widths that fit, and colours that follow the level', async () => {
  const records = [{ id: 7, risk_level: 'high', summary: 'x'.repeat(200), started_at: AT }];
  const parts = await readZipTexts(await excelOf({ columns: ['id', 'risk_level', 'summary', 'started_at'] }, records));
  const sheet = parts['xl/worksheets/sheet1.xml'] ?? '';
  expect(sheet).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>');
  expect(sheet).toContain('<autoFilter ref="A1:D2"/>');
  expect([...sheet.matchAll(/ width="(\d+)"/g)].map(([, width]) => Number(width))).toEqual([8, 14, 52, 24]);
  expect(sheet).toMatch(/<conditionalFormatting sqref="B2:B2">.*dxfId="1" priority="2" operator="equal"><formula>"high"</);
  expect(parts['xl/workbook.xml']).toContain(`hidden="1">'events'!$A$1:$D$2</definedName>`);
});

test('puts small pictures beside the first rows, counts those it lacks, and goes on', async () => {
  const jpeg = Buffer.from('not looked at');
  const thumbnails = {
    most: 3,
    of: ({ id }: ExportRecord) => Promise.resolve(id === 2 ? undefined : { jpeg, width: 100, height: 60, description: `"${String(id)}"` }),
  };
  const bytes = await excelOf(
    { columns: ['id'], thumbnails },
    [1, 2, 3, 4].map((id) => ({ id })),
  );
  const parts = await readZipTexts(bytes);
  expect(Object.keys(parts).filter((name) => name.startsWith('xl/media/'))).toEqual([
    'xl/media/thumbnail1.jpeg',
    'xl/media/thumbnail2.jpeg',
  ]);
  expect(parts['xl/drawings/drawing1.xml']).toContain('descr="&quot;3&quot;"');
  const [events, about] = (await readXlsx(bytes)).sheets.map(({ rows }) => rows);
  expect(events?.map((row) => row[1])).toEqual(['Id', 1, 2, 3, 4]);
  for (const row of [
    ['Thumbnails', 2],
    ['Rows without a readable picture', 1],
    ['Rows after the last thumbnail', 1],
  ])
    expect(about).toContainEqual(row);
});

test('holds 10,000 rows of hostile text as another library reads them', async () => {
  const notes = ['=1+1', "'@x", 'a "quoted"\nline', '\t-cmd', '🔥 نص', '_x000D_', 'plain', '\u0000', '<![CDATA[x]]>', '&#10;'];
  const records = Array.from({ length: 10_000 }, (_, index) => ({
    id: index,
    notes: `${notes[index % notes.length] ?? ''}${index % 3 === 0 ? String(index) : ''}`,
    at: new Date(AT.getTime() + index * 977),
    score: index / 7,
  }));
  const { events } = await sheetsOf({ columns: ['id', 'notes', 'at', 'score'] }, records);
  const read = events?.slice(1).map(([id, text, at, score]) => ({ id, notes: unguardFormula(String(text)), at, score }));
  expect(read).toEqual(records);
});

test('gives the same bytes for the same records and time', async () => {
  const records = Array.from({ length: 2_000 }, (_, id) => ({ id, notes: `row ${String(id)}` }));
  const first = await excelOf({ columns: ['id', 'notes'] }, records);
  expect(first.equals(await excelOf({ columns: ['id', 'notes'] }, records))).toBe(true);
  expect(first.equals(await excelOf({ columns: ['id', 'notes'], exportedAt: new Date(0) }, records))).toBe(false);
});

test('a source that fails is the error; one nobody reads on is closed', async () => {
  async function* failing(): AsyncIterable<ExportRecord> {
    for (let id = 0; id < 1_000; id += 1) yield { id };
    await Promise.resolve();
    throw new Error('the connection is gone');
  }
  await expect(excelOf({ columns: ['id'] }, failing())).rejects.toThrow('the connection is gone');
  let isClosed = false;
  async function* endless(): AsyncIterable<ExportRecord> {
    try {
      for (let id = 0; ; id += 1) yield await Promise.resolve({ id });
    } finally {
      isClosed = true;
    }
  }
  let bytes = 0;
  for await (const chunk of encodeExcel({ ...HEAD, columns: ['id'] }, endless())) {
    bytes += chunk.byteLength;
    if (bytes > 50_000) break;
  }
  expect(isClosed).toBe(true);
});
