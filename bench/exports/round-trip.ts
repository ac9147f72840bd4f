import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { readXlsx } from 'hucre/xlsx';
import { openDatabase } from '../../src/db/database.ts';
import { openEmbedded } from '../../src/db/embedded/open-embedded.ts';
import { unguardFormula } from '../../src/lib/guard-formula.ts';
import { parseCsv } from '../../test/helpers/parse-csv.ts';
import { readZipTexts } from '../../test/helpers/read-zip-texts.ts';
import { positiveNumber } from '../measure/positive-number.ts';
import { makeTempFolder, runHsOrThrow } from '../product/hs.ts';

const { rows } = new Command('bench/exports/round-trip')
  .description('Exports events full of hostile text in each format, reads them back with other readers and compares them with the database')
  .option('--rows <n>', 'events', positiveNumber, 10_000)
  .parse()
  .opts<{ rows: number }>();

const HOSTILE = [
  '=1+1',
  '+SUM(1)',
  "-1+cmd|' /C calc'!A0",
  '@SUM(1)',
  '＝1+1',
  '\t=1',
  '\r=1',
  "'=1",
  "''quoted",
  'say "hi"; a,b',
  'two\nlines\r\nand three',
  'שלום \u202Eעולם\u202C',
  '🔥👨‍👩‍👧 e\u0301 \uFEFFmark',
  ' blanks around ',
  '',
  '_x0041_ &amp; <b>',
  '\u0001\u0008 control',
  'x'.repeat(40_000),
  '\\N',
  'NULL',
];
const COLUMNS = ['id', 'camera_name', 'started_at', 'summary', 'reasoning', 'notes', 'risk_score', 'reviewed'] as const;
const FORMATS = ['csv', 'zip', 'json', 'ndjson', 'excel'] as const;
const EXCEL_CELL = 32_767;

type Format = (typeof FORMATS)[number];

type Row = Readonly<Record<(typeof COLUMNS)[number], string | number | boolean | Date | null>>;

const folder = await makeTempFolder('round-trip');
const server = await openEmbedded({ home: folder });
try {
  const expected = await fill();
  for (const format of FORMATS) {
    const files = [path.join(folder, `one.${format}`), path.join(folder, `two.${format}`)] as const;
    for (const file of files)
      await runHsOrThrow(folder, ['export', 'events', '--columns', COLUMNS.join(','), '--format', format, '--out', file, '--quiet']);
    judge(format, expected, await readBack(format, files[0]), await sameTwice(format, files));
  }
} finally {
  await server.leave();
  await rm(folder, { recursive: true, force: true });
}

async function fill(): Promise<Row[]> {
  const store = await openDatabase({ home: folder, migrate: 'auto' });
  try {
    await store
      .knex('cameras')
      .insert(
        HOSTILE.map((name, n) => ({ id: `c${String(n)}`, name: `${String(n)}${name.slice(0, 200)}`, folder_path: `/c${String(n)}` })),
      );
    await store.knex.raw(
      `INSERT INTO events (batch_id, camera_id, started_at, ended_at, object_types, detection_count, detection_ids, summary, reasoning, notes, risk_score, rule_score, risk_source,
              risk_level, reviewed)
       SELECT 'b' || n, 'c' || n % :kinds, at, at + interval '5 seconds', 'person', 0, '[]', left((:texts::text[])[1 + n % :kinds], 200),
              (:texts::text[])[1 + n % :kinds],
              CASE WHEN n % 7 > 0 THEN (:texts::text[])[1 + n / 3 % :kinds] END, n % 30, n % 30, 'rules', 'low', n % 2 = 0
         FROM generate_series(1, :rows) AS n, LATERAL (SELECT timestamptz '2026-01-01Z' + n * interval '61.007 seconds' AS at) AS moment`,
      { texts: HOSTILE, kinds: HOSTILE.length, rows },
    );
    const { rows: stored } = await store.knex.raw<{ rows: Row[] }>(
      `SELECT e.id, c.name AS camera_name, e.started_at, e.summary, e.reasoning, e.notes, e.risk_score, e.reviewed
         FROM events e JOIN cameras c ON c.id = e.camera_id ORDER BY e.started_at, e.id`,
    );
    return stored;
  } finally {
    await store.close();
  }
}

/** Each row as one text, read by something that hs does not write with. */
async function readBack(format: Format, file: string): Promise<string[]> {
  const bytes = await readFile(file);
  switch (format) {
    case 'csv':
      return csvRows(bytes.toString());
    case 'zip':
      return csvRows((await readZipTexts(bytes))['events.csv'] ?? '');
    case 'json':
      return (JSON.parse(bytes.toString()) as { items: Row[] }).items.map(rowText);
    case 'ndjson':
      return bytes
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => rowText(JSON.parse(line) as Row));
    case 'excel': {
      const [, ...lines] = (await readXlsx(bytes)).sheets[0]?.rows ?? [];
      return lines.map((cells) => rowText(Object.fromEntries(COLUMNS.map((name, n) => [name, unguarded(cells[n] ?? null)])) as Row));
    }
  }
}

function csvRows(csv: string): string[] {
  return parseCsv(csv)
    .slice(1)
    .map((cells) => JSON.stringify(cells.map((cell) => cell ?? null)));
}

function rowText(row: Row): string {
  return JSON.stringify(COLUMNS.map((name) => cellText(row[name])));
}

function cellText(value: Row[keyof Row]): string | null {
  if (value === null) return null;
  return value instanceof Date ? value.toISOString() : String(value);
}

/** Two exports of the same, but for the time they tell of themselves. */
async function sameTwice(format: Format, files: readonly [string, string]): Promise<boolean> {
  const [a, b] = await Promise.all(files.map(async (file) => timeless(format, await readFile(file))));
  return a === b;
}

async function timeless(format: Format, bytes: Buffer): Promise<string> {
  const isZip = format === 'zip' || format === 'excel';
  // of a workbook all but the sheet that tells when it was made
  const parts = isZip ? Object.values(await readZipTexts(bytes)).filter((part) => !part.includes('Exported at')) : [bytes.toString()];
  return parts.join('').replaceAll(new RegExp(`${new Date().toISOString().slice(0, 10)}[T ][\\d:.]+Z?`, 'g'), 'now');
}

function unguarded(value: unknown): unknown {
  return typeof value === 'string' ? unguardFormula(value) : value;
}

/** A cell of Excel has an end. */
function asExcel(row: Row): Row {
  const shown = (text: Row[keyof Row]): Row[keyof Row] => {
    if (typeof text !== 'string') return text;
    return text.length > EXCEL_CELL ? `${text.slice(0, EXCEL_CELL - 1)}…` : text;
  };
  return {
    ...row,
    camera_name: shown(row.camera_name),
    summary: shown(row.summary),
    reasoning: shown(row.reasoning),
    notes: shown(row.notes),
  };
}

function judge(format: Format, expected: readonly Row[], found: readonly string[], isSame: boolean): void {
  const wanted = expected.map((row) => rowText(format === 'excel' ? asExcel(row) : row));
  const wrong = wanted.flatMap((text, n) => (text === found[n] ? [] : [n]));
  process.stdout.write(
    `${format}: ${String(found.length)} of ${String(wanted.length)} rows, ${String(wrong.length)} otherwise than stored, two exports ${isSame ? 'equal' : 'differ'}\n`,
  );
  for (const n of wrong.slice(0, 3)) process.stdout.write(`  ${(wanted[n] ?? '').slice(0, 300)}\n  ${(found[n] ?? '').slice(0, 300)}\n`);
  if (wrong.length > 0 || found.length !== wanted.length) process.exitCode = 1;
}
