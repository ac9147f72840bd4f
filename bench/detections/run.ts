import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { positiveNumber } from '../measure/positive-number.ts';
import { printFigures } from '../measure/print-figures.ts';
import { treeCpuS } from '../measure/process-tree.ts';
import { median, round } from '../measure/statistics.ts';
import { findServerPid, makeTempFolder } from '../product/hs.ts';
import { copyRows, dropTwin, exportRows, makeTwin, sizeOf } from './copy-twin.ts';
import { prepareSubject } from './prepare-subject.ts';
import { explainQuery, recordQueries } from './query-plans.ts';
import { makeItems, makeLedger, saveItems, type Footage } from './saved-footage.ts';
import { SHIPPED_QUERIES, type ShippedQuery, type Subject } from './shipped-queries.ts';

type Options = { rows: number; rounds: number; perFile: number; cameras: number; months: number; bar: number };

const options = new Command('bench/detections')
  .description('Detections through the writer of ingest against COPY of the same rows, their size, and how shipped queries read them')
  .option('--rows <n>', 'detections', positiveNumber, 1_000_000)
  .option('--rounds <n>', 'both take turns this often', positiveNumber, 10)
  .option('--per-file <n>', 'detections in each file', positiveNumber, 100)
  .option('--cameras <n>', 'cameras', positiveNumber, 8)
  .option('--months <n>', 'months of footage', positiveNumber, 12)
  .option('--bar <ratio>', 'lowest ratio of rows/s to COPY', positiveNumber, 0.5)
  .parse()
  .opts<Options>();

const { perFile, rounds } = options;
const files = Math.ceil(options.rows / perFile / rounds) * rounds;
const footage: Footage = { cameras: options.cameras, months: options.months, files, perFile };

type Client = Awaited<ReturnType<Database['connect']>>;
type Turn = { wallS: number; cpuS: number };

async function timed(serverPid: number, work: () => Promise<unknown>): Promise<Turn> {
  const cpuS = (): number => treeCpuS(serverPid) + process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;
  const started = { wallMs: performance.now(), cpuS: cpuS() };
  await work();
  return { wallS: (performance.now() - started.wallMs) / 1000, cpuS: cpuS() - started.cpuS };
}

async function withClient<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = await database.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Writes all rows in turns with COPY; returns the ratios of rows/s by wall and by CPU time. */
async function compareWriters(client: Client, folder: string, serverPid: number): Promise<{ wall: number; cpu: number }> {
  await makeLedger(database.knex, footage);
  await makeTwin(client);
  const ids = await database.knex('media_files').orderBy('id').pluck<number[]>('id');
  const file = join(folder, 'rows.copy');
  const product: Turn[] = [];
  const copy: Turn[] = [];
  let lastId = 0;
  for (let turn = 0; turn < rounds; turn += 1) {
    const first = (turn * files) / rounds;
    const items = makeItems(ids.slice(first, first + files / rounds), first, footage);
    product.push(await timed(serverPid, () => saveItems(database.knex, items)));
    lastId = await exportRows(client, file, lastId);
    copy.push(await timed(serverPid, () => copyRows(client, file)));
    process.stderr.write(`turn ${turn + 1} of ${rounds}: ${round(product.at(-1)!.wallS)} s, COPY ${round(copy.at(-1)!.wallS)} s\n`);
  }
  const rows = files * perFile;
  const describe = async (what: string, turns: Turn[], table: Parameters<typeof sizeOf>[1]): Promise<Record<string, string | number>> => {
    const { heapBytes, totalBytes } = await sizeOf(client, table);
    const wallS = turns.reduce((sum, one) => sum + one.wallS, 0);
    const cpuS = turns.reduce((sum, one) => sum + one.cpuS, 0);
    const perRow = { 'heap bytes/row': Math.round(heapBytes / rows), 'with indexes': Math.round(totalBytes / rows) };
    return { what, rows, 'wall s': round(wallS, 1), 'rows/s': Math.round(rows / wallS), 'CPU s': round(cpuS, 1), ...perRow };
  };
  printFigures([await describe('hs', product, 'detections'), await describe('COPY', copy, 'detections_twin')]);
  await dropTwin(client);
  const ratio = (of: (turn: Turn) => number): number => median(product.map((turn, i) => of(copy[i]!) / of(turn)));
  return { wall: ratio((turn) => turn.wallS), cpu: ratio((turn) => turn.cpuS) };
}

async function readPlans(client: Client, subject: Subject, query: ShippedQuery): Promise<Record<string, string | number>[]> {
  const recorded = await recordQueries(database.knex, () => query.run(database.knex, subject));
  const rows: Record<string, string | number>[] = [];
  for (const one of recorded) {
    const { partitions, scanned } = await explainQuery(client, one);
    const isBad = query.reads !== 'everything' && (scanned.length > 0 || (query.reads === 'one month' && partitions.length > 1));
    rows.push({ query: query.name, 'may read': query.reads, months: partitions.length, scanned: scanned.length, '': isBad ? 'BAD' : '' });
    if (isBad) process.stderr.write(`${query.name}: ${one.sql}\n`);
  }
  return rows;
}

const folder = await makeTempFolder('detections');
const home = join(folder, 'home');
const exchange = join(folder, 'exchange');
await mkdir(exchange);
await chmod(exchange, 0o777); // the server's account writes and reads the rows there
const database = await openDatabase({ home, migrate: 'auto' });
try {
  const { wall, cpu } = await withClient((client) => compareWriters(client, exchange, findServerPid(home)!));
  process.stdout.write(`rows/s of hs: ${round(wall)} of COPY by wall time, ${round(cpu)} by CPU time; medians of ${rounds} turns\n\n`);
  const subject = await prepareSubject(database.knex);
  const plans: Record<string, string | number>[] = [];
  await withClient(async (client) => {
    for (const query of SHIPPED_QUERIES) plans.push(...(await readPlans(client, subject, query)));
  });
  printFigures(plans);
  const bad = plans.filter((plan) => plan[''] === 'BAD').length;
  process.stdout.write(`${plans.length} statements, ${bad} of them read more than they may\n`);
  if (bad > 0 || wall < options.bar) process.exitCode = 1;
} finally {
  await database.close();
  await rm(folder, { recursive: true, force: true });
}
