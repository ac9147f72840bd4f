import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { encodeCsv } from '../../src/exporters/encode-csv.ts';
import { encodeExcel } from '../../src/exporters/excel/encode-excel.ts';
import type { ExportRecord } from '../../src/exporters/export-record.ts';
import { parseCsv } from '../../test/helpers/parse-csv.ts';

/** Begins of formulas as spreadsheets read them, each with a body that would compute or reach out. */
const SIGNS = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t=', '\r='];
const BODIES = ['1+1', 'SUM(1;2)', 'HYPERLINK("http://127.0.0.1/";"x")', "cmd|' /C calc'!A0"];
const PAYLOADS = SIGNS.flatMap((sign) => BODIES.map((body) => sign + body));
const ODD = ['ордер שלום 🔥', 'two\nlines', 'say "hi"; a,b', ' blanks ', '_x0041_', 'x'.repeat(40_000)];

const run = promisify(execFile);
const at = new Date('2026-01-14T08:15:00.250Z');
const records: ExportRecord[] = [...PAYLOADS, ...ODD].map((notes, id) => ({
  id,
  at,
  at_local: new Date(at.getTime() + id * 1000 + 3_600_000).toISOString().replace('Z', '+01:00'),
  ok: true,
  notes,
}));

const columns = Object.keys(records[0] ?? {});
const folder = await mkdtemp(join(tmpdir(), 'hs-libreoffice-'));
try {
  const head = { type: 'events', exportedAt: at, filters: {}, version: '0', timezone: 'Europe/Berlin' };
  const files = { xlsx: await buffer(encodeExcel({ ...head, columns }, records)), csv: await text(encodeCsv(columns, records)) };
  const judges = { xlsx: isEqual, csv: isSameText };
  for (const [kind, content] of Object.entries(files)) {
    const path = join(folder, `sheet.${kind}`);
    await writeFile(path, content);
    judge(kind, await throughLibreOffice(path), judges[kind as keyof typeof judges]);
  }
} finally {
  await rm(folder, { recursive: true });
}

type Cells = readonly (string | undefined)[];

/** The cells as LibreOffice shows them, without the head. */
async function throughLibreOffice(path: string): Promise<Cells[]> {
  const shown = join(folder, 'shown');
  const output = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false';
  const input = path.endsWith('.csv') ? ['--infilter=Text - txt - csv (StarCalc):44,34,76,1'] : [];
  const profile = `-env:UserInstallation=file://${folder}/profile`;
  await run('soffice', ['--headless', profile, ...input, '--convert-to', output, '--outdir', shown, path]);
  return parseCsv(await readFile(join(shown, 'sheet.csv'), 'utf8')).slice(1);
}

function judge(kind: string, rows: readonly Cells[], isRight: (record: ExportRecord, cells: Cells) => boolean): void {
  const wrong = records.filter((record, index) => !isRight(record, rows[index] ?? []));
  process.stdout.write(
    `${kind}: ${String(PAYLOADS.length)} formula payloads and ${String(ODD.length)} odd texts, ${String(wrong.length)} wrong\n`,
  );
  for (const record of wrong)
    process.stdout.write(`${JSON.stringify(record).slice(0, 200)} → ${JSON.stringify(rows[Number(record['id'])]).slice(0, 200)}\n`);
  if (wrong.length > 0 || rows.length !== records.length) process.exitCode = 1;
}

/** A guarded cell of CSV is shown with its apostrophe, which the reader of CSV takes off; times stay text. */
function isSameText(record: ExportRecord, [id, , , , notes = '']: Cells): boolean {
  return id === String(record['id']) && notes.replaceAll('\r', '\n') === String(record['notes']).replaceAll('\r', '\n');
}

/** LibreOffice saves times as they are shown, and line ends as line feeds; the reader of CSV takes the guarding apostrophe off. */
function isEqual(record: ExportRecord, [id, utc, local, ok, notes = '']: Cells): boolean {
  const given = String(record['notes']);
  const expected = given.length > 32_767 ? `${given.slice(0, 32_766)}…` : given;
  const shown = [record['at'] as Date, new Date(String(record['at_local']).slice(0, 23) + 'Z')].map((time) =>
    time.toISOString().replace('T', ' ').slice(0, 23),
  );
  const times = utc === shown[0] && local === shown[1];
  return id === String(record['id']) && times && ok === 'TRUE' && notes.replaceAll('\r', '\n') === expected.replaceAll('\r', '\n');
}
