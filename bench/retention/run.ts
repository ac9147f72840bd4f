import { Command } from 'commander';

import { openDatabase, type Database } from '../../src/db/database.ts';
import { dropMonth } from '../../src/db/drop-month.ts';
import { positiveNumber } from '../measure/positive-number.ts';
import { printFigures } from '../measure/print-figures.ts';
import { median } from '../measure/statistics.ts';
import { withHome } from '../product/hs.ts';
import { fillMonths } from './fill-months.ts';

type Options = { rows: number; months: number; drops: number };

const { rows, months, drops } = new Command('bench/retention')
  .description('Drops whole months of detections while others insert: how long it takes, and how long an insert waits at most')
  .option('--rows <n>', 'detections of each month', positiveNumber, 300_000)
  .option('--months <n>', 'months in the store', positiveNumber, 6)
  .option('--drops <n>', 'how many of them are dropped, oldest first', positiveNumber, 3)
  .parse()
  .opts<Options>();

const FIRST = { year: 2025, month: 0 };
const BAR_MS = { drop: 2000, stall: 1000 };

type Writer = { stop(): Promise<{ inserts: number; longestMs: number }> };

const PAUSE_MS = 5;

/** Inserts into the newest month, with an event membership beside it, one transaction after the other: up to 200 a second. */
function startWriter({ knex }: Database, at: Date): Writer {
  let stopped = false;
  let inserts = 0;
  let longestMs = 0;
  const loop = async (): Promise<void> => {
    const [event] = await knex('events')
      .insert({ batch_id: 'writer', camera_id: 'c0', started_at: at, ended_at: at })
      .returning<{ id: number }[]>('id');
    while (!stopped) {
      const startedMs = performance.now();
      await knex.transaction(async (trx) => {
        const row = { camera_id: 'c0', file_path: '/w', detected_at: at };
        const [detection] = await trx('detections').insert(row).returning<{ id: number }[]>('id');
        await trx('event_detections').insert({ event_id: event?.id, detection_id: detection?.id, detected_at: at });
      });
      longestMs = Math.max(longestMs, performance.now() - startedMs);
      inserts += 1;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const running = loop();
  return {
    stop: async () => {
      stopped = true;
      await running;
      return { inserts, longestMs };
    },
  };
}

async function measureDrop(database: Database, month: Date): Promise<Record<string, string | number>> {
  const newest = new Date(Date.UTC(FIRST.year, FIRST.month + months - 1, 15));
  const writer = startWriter(database, newest);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const startedMs = performance.now();
  const name = `detections_y${month.toISOString().slice(0, 7).replace('-', 'm')}`;
  const dropped = await dropMonth(database.knex, name, () => Promise.resolve());
  const tookMs = performance.now() - startedMs;
  const { inserts, longestMs } = await writer.stop();
  await database.knex('events').where({ batch_id: 'writer' }).delete();
  const children = Object.values(dropped.children).reduce((sum, count) => sum + count, 0);
  return {
    month: month.toISOString().slice(0, 7),
    detections: dropped.detections,
    children,
    'drop ms': Math.round(tookMs),
    'longest insert ms': Math.round(longestMs),
    inserts,
  };
}

await withHome(async (home) => {
  const database = await openDatabase({ home, migrate: 'auto' });
  try {
    const firsts = Array.from({ length: months }, (_, index) => new Date(Date.UTC(FIRST.year, FIRST.month + index)));
    const startedMs = performance.now();
    await fillMonths(database.knex, { months: firsts, rows });
    process.stderr.write(
      `${String(months)} months of ${String(rows)} detections made in ${String(Math.round((performance.now() - startedMs) / 1000))} s\n`,
    );
    const figures: Record<string, string | number>[] = [];
    for (const month of firsts.slice(0, Math.min(drops, months - 1))) figures.push(await measureDrop(database, month));
    printFigures(figures);
    const drop = median(figures.map((figure) => Number(figure['drop ms'])));
    const stall = Math.max(...figures.map((figure) => Number(figure['longest insert ms'])));
    process.stdout.write(
      `drop: ${String(drop)} ms (bar ${String(BAR_MS.drop)}), longest insert: ${String(stall)} ms (bar ${String(BAR_MS.stall)})\n`,
    );
    if (drop > BAR_MS.drop || stall > BAR_MS.stall) process.exitCode = 1;
  } finally {
    await database.close();
  }
});
