import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import pg from 'pg';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { openEmbedded } from '../../src/db/embedded/open-embedded.ts';
import { migrateToLatest } from '../../src/db/migrate.ts';
import { findPostgres15 } from '../../test/helpers/postgres-15.ts';
import { positiveNumber } from '../measure/positive-number.ts';
import { printFigures, toMegabytes } from '../measure/print-figures.ts';
import { runMeasured, type Measured } from '../measure/run-measured.ts';
import { round } from '../measure/statistics.ts';
import { makeTempFolder, REPOSITORY } from '../product/hs.ts';
import { fillMonths } from '../retention/fill-months.ts';

type Options = { rows: number; months: number };

const { rows, months } = new Command('bench/backup')
  .description('Backs up and restores months of detections, beside pg_dump -Fc and pg_restore on the same server of PostgreSQL 15')
  .option('--rows <n>', 'detections in all', positiveNumber, 1_000_000)
  .option('--months <n>', 'months they are spread over', positiveNumber, 4)
  .parse()
  .opts<Options>();

/** Restore: share of the rate of pg_restore; memory: of the hs process alone. */
const BAR = { restoreShare: 0.3, peakMb: 200 };

type Figure = { step: string; s: number; 'rows/s': number; 'CPU s': number; 'peak MB': number; 'file MB': number | '' };

const programs = findPostgres15();
if (programs === undefined) process.stdout.write('skipped: no PostgreSQL 15 with pg_dump and pg_restore on this machine\n');
else await compare(programs);

async function compare(pgBin: string): Promise<void> {
  const folder = await makeTempFolder('backup');
  const server = await openEmbedded({ home: folder, pgBin });
  const urlOf = (name: string): string =>
    `postgresql:///${name}?host=${encodeURIComponent(server.connection.host)}&user=${server.connection.user}`;
  try {
    await createDatabases(urlOf('postgres'), ['source', 'by_hs', 'by_pg']);
    await (await openMigrated(urlOf('by_hs'))).close();
    const total = await fill(urlOf('source'));
    process.stderr.write(`${String(total)} rows in all tables\n`);
    const files = { hs: path.join(folder, 'hs.zip'), pg: path.join(folder, 'pg.dump') };
    const hs = (name: string, args: readonly string[]): Promise<Measured> => runHs({ url: urlOf(name), home: folder }, args);
    const postgres = (program: string, args: readonly string[]): Promise<Measured> => runMeasured([path.join(pgBin, program), ...args]);
    const figures = [
      await figureOf('hs backup create', hs('source', ['backup', 'create', '--out', files.hs]), { total, file: files.hs }),
      await figureOf('pg_dump -Fc', postgres('pg_dump', ['-Fc', '-f', files.pg, urlOf('source')]), { total, file: files.pg }),
      await figureOf('hs backup verify', hs('source', ['backup', 'verify', files.hs]), { total }),
      await figureOf('hs backup restore', hs('by_hs', ['backup', 'restore', files.hs]), { total }),
      await figureOf('pg_restore', postgres('pg_restore', ['-d', urlOf('by_pg'), files.pg]), { total }),
    ];
    printFigures(figures);
    judge(figures);
  } finally {
    await server.leave();
    await rm(folder, { recursive: true, force: true });
  }
}

async function createDatabases(url: string, names: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const name of names) await client.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  await client.end();
}

async function openMigrated(url: string): Promise<Database> {
  const database = await openDatabase({ url, home: '/nonexistent', migrate: 'none' });
  await migrateToLatest(database);
  return database;
}

/** Returns how many rows all tables have together. */
async function fill(url: string): Promise<number> {
  const database = await openMigrated(url);
  try {
    const firsts = Array.from({ length: months }, (_, index) => new Date(Date.UTC(2025, index)));
    await fillMonths(database.knex, { months: firsts, rows: Math.ceil(rows / months / 100) * 100 });
    const { rows: counts } = await database.knex.raw<{ rows: { total: string }[] }>(
      `SELECT sum(n_live_tup) AS total FROM pg_stat_user_tables WHERE relname NOT LIKE 'knex%'`,
    );
    return Number(counts[0]?.total ?? 0);
  } finally {
    await database.close();
  }
}

function runHs({ url, home }: { url: string; home: string }, args: readonly string[]): Promise<Measured> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], HS_HOME: home, HS_DATABASE_URL: url, NODE_ENV: 'production' };
  return runMeasured([process.execPath, path.join(REPOSITORY, 'bin', 'run.js'), ...args], { env });
}

async function figureOf(step: string, running: Promise<Measured>, { total, file }: { total: number; file?: string }): Promise<Figure> {
  const { exitCode, wallS, cpuS, peakOwnBytes, stderr } = await running;
  if (exitCode !== 0) throw new Error(`${step} ended with ${String(exitCode)}: ${stderr.trim().slice(-600)}`);
  return {
    step,
    s: round(wallS),
    'rows/s': Math.round(total / wallS),
    'CPU s': round(cpuS),
    'peak MB': toMegabytes(peakOwnBytes),
    'file MB': file === undefined ? '' : toMegabytes((await stat(file)).size),
  };
}

function judge(figures: readonly Figure[]): void {
  const rateOf = (step: string): number => figures.find((figure) => figure.step === step)?.['rows/s'] ?? 0;
  const shares = {
    create: rateOf('hs backup create') / rateOf('pg_dump -Fc'),
    restore: rateOf('hs backup restore') / rateOf('pg_restore'),
  };
  const peak = Math.max(...figures.filter(({ step }) => step.startsWith('hs')).map((figure) => figure['peak MB']));
  process.stdout.write(
    `create: ${String(round(shares.create))} of the rate of pg_dump, restore: ${String(round(shares.restore))} of pg_restore (bar ${String(BAR.restoreShare)}), ` +
      `memory of hs: ${String(peak)} MB (bar ${String(BAR.peakMb)})\n`,
  );
  if (shares.restore < BAR.restoreShare || peak > BAR.peakMb) process.exitCode = 1;
}
