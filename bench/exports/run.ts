import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { openEmbedded } from '../../src/db/embedded/open-embedded.ts';
import { detectionSource } from '../../src/services/export/export-source.ts';
import { positiveNumber } from '../measure/positive-number.ts';
import { printFigures, toMegabytes } from '../measure/print-figures.ts';
import { runMeasured, type Measured } from '../measure/run-measured.ts';
import { median, round } from '../measure/statistics.ts';
import { makeTempFolder, runHs } from '../product/hs.ts';
import { fillMonths } from '../retention/fill-months.ts';

type Options = { rows: number; months: number; rounds: number };

const { rows, months, rounds } = new Command('bench/exports')
  .description('Exports months of detections in each format, beside \\copy of psql with the statement that hs itself sends')
  .option('--rows <n>', 'detections in all', positiveNumber, 1_000_000)
  .option('--months <n>', 'months they are spread over', positiveNumber, 4)
  .option('--rounds <n>', 'rounds of \\copy and CSV; the median counts', positiveNumber, 1)
  .parse()
  .opts<Options>();

/** CSV: share of the speed of `\copy`; memory in MB of the hs process alone. */
const BAR = { csvShare: 0.5, peakMb: { csv: 200, json: 200, ndjson: 200, zip: 200, excel: 300 } } as const;

type Format = keyof typeof BAR.peakMb;
type Figure = { step: string; s: number; 'rows/s': number; 'CPU s': number; 'peak MB': number; 'file MB': number };

const folder = await makeTempFolder('exports');
const server = await openEmbedded({ home: folder });
const { host, user, database } = server.connection;
const url = `postgresql:///${database}?host=${encodeURIComponent(host)}&user=${user}`;
try {
  const statement = await prepare();
  const figures: Figure[] = [];
  for (let round = 0; round < rounds; round += 1) figures.push(await copyByPsql(statement), await exportByHs('csv'));
  for (const format of ['json', 'ndjson', 'zip', 'excel'] as const) figures.push(await exportByHs(format));
  printFigures(figures);
  judge(figures);
} finally {
  await server.leave();
  await rm(folder, { recursive: true, force: true });
}

/** Fills the database and returns the statement that an export of all detections sends. */
async function prepare(): Promise<string> {
  const store = await openDatabase({ home: folder, migrate: 'auto' });
  try {
    const firsts = Array.from({ length: months }, (_, index) => new Date(Date.UTC(2025, index)));
    await fillMonths(store.knex, { months: firsts, rows: Math.ceil(rows / months / 100) * 100 });
    return await overhear(store);
  } finally {
    await store.close();
  }
}

async function overhear(store: Database): Promise<string> {
  const source = await detectionSource(store.knex, { scope: {}, filter: {} }, { cameras: {} });
  let sent = '';
  store.knex.on('query', ({ sql, bindings }: { sql: string; bindings: readonly unknown[] }) => {
    if (sql.includes('"detections" as "d"') && bindings.length === 0) sent = sql;
  });
  for await (const record of await source.records(store.knex, source.columns)) if (record) break;
  if (sent === '') throw new Error('an export sent no statement without values');
  return sent;
}

function copyByPsql(statement: string): Promise<Figure> {
  const file = path.join(folder, 'psql.csv');
  const command = `\\copy (${statement}) to '${file}' csv header`;
  return figureOf('psql \\copy', runMeasured(['psql', '-q', '-d', url, '-c', command]), file);
}

function exportByHs(format: Format): Promise<Figure> {
  const file = path.join(folder, `hs.${format}`);
  return figureOf(`hs ${format}`, runHs(folder, ['export', 'detections', '--format', format, '--out', file, '--quiet']), file);
}

async function figureOf(step: string, running: Promise<Measured>, file: string): Promise<Figure> {
  const { exitCode, wallS, cpuS, peakOwnBytes, stderr } = await running;
  if (exitCode !== 0) throw new Error(`${step} ended with ${String(exitCode)}: ${stderr.trim().slice(-600)}`);
  const fileBytes = (await stat(file)).size;
  await rm(file);
  return {
    step,
    s: round(wallS),
    'rows/s': Math.round(rows / wallS),
    'CPU s': round(cpuS),
    'peak MB': toMegabytes(peakOwnBytes),
    'file MB': toMegabytes(fileBytes),
  };
}

function judge(figures: readonly Figure[]): void {
  const secondsOf = (step: string): number => median(figures.filter((figure) => figure.step === step).map(({ s }) => s));
  const share = round(secondsOf('psql \\copy') / secondsOf('hs csv'));
  process.stdout.write(`CSV: ${String(share)} of the speed of \\copy (bar ${String(BAR.csvShare)})\n`);
  const over = Object.entries(BAR.peakMb).filter(([format, bar]) =>
    figures.some((row) => row.step === `hs ${format}` && row['peak MB'] > bar),
  );
  for (const [format, bar] of over) process.stdout.write(`hs ${format}: more memory than ${String(bar)} MB\n`);
  if (share < BAR.csvShare || over.length > 0) process.exitCode = 1;
}
