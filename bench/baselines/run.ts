import { Command } from 'commander';
import type { Knex } from 'knex';

import { openDatabase } from '../../src/db/database.ts';
import { positiveNumber } from '../measure/positive-number.ts';
import { printFigures, toMegabytes } from '../measure/print-figures.ts';
import { median } from '../measure/statistics.ts';
import { runHsOrThrow, withHome } from '../product/hs.ts';
import { fillWeeks } from './fill-weeks.ts';

type Options = { detections: number; perTrack: number; cameras: number; days: number; repeats: number };

const { detections, perTrack, cameras, days, repeats } = new Command('bench/baselines')
  .description('Baselines from the store: time of a rebuild against one plain GROUP BY of the same rows, memory, time of an update')
  .option('--detections <n>', 'detections in the store', positiveNumber, 10_000_000)
  .option('--per-track <n>', 'detections of each track', positiveNumber, 10)
  .option('--cameras <n>', 'cameras', positiveNumber, 50)
  .option('--days <n>', 'days of footage of each', positiveNumber, 60)
  .option('--repeats <n>', 'measurements of each kind, of which the median counts', positiveNumber, 3)
  .parse()
  .opts<Options>();

const BAR_RATIO = 3;

const SCANS = {
  detections: `SELECT camera_id, date_trunc('hour', detected_at), object_type, count(*) FROM detections GROUP BY 1, 2, 3`,
  tracks: `SELECT camera_id, date_trunc('hour', first_seen), object_class, count(*) FROM tracks WHERE confirmed GROUP BY 1, 2, 3`,
};

async function timeScan(knex: Knex, sql: string): Promise<number> {
  const secondsOf: number[] = [];
  for (let n = 0; n < repeats; n += 1) {
    const startedMs = performance.now();
    // Counted in the server: the rows themselves would be measured as transfer.
    await knex.raw(`SELECT count(*) FROM (${sql}) AS s`);
    secondsOf.push((performance.now() - startedMs) / 1000);
  }
  return median(secondsOf);
}

/** Of the built program, with its start. */
async function timeCommand(home: string, args: string[], prepare: () => Promise<void>): Promise<{ seconds: number; megabytes: number }> {
  const runs: { seconds: number; megabytes: number }[] = [];
  for (let n = 0; n < repeats; n += 1) {
    await prepare();
    const { wallS, peakOwnBytes } = await runHsOrThrow(home, args);
    runs.push({ seconds: wallS, megabytes: toMegabytes(peakOwnBytes) });
  }
  return { seconds: median(runs.map((run) => run.seconds)), megabytes: Math.max(...runs.map((run) => run.megabytes)) };
}

await withHome(async (home) => {
  const database = await openDatabase({ home, migrate: 'auto' });
  const { knex } = database;
  try {
    const startedMs = performance.now();
    await fillWeeks(knex, { detections, detectionsPerTrack: perTrack, cameras, days });
    process.stderr.write(`${String(detections)} detections made in ${String(Math.round((performance.now() - startedMs) / 1000))} s\n`);
    const scan = { detections: await timeScan(knex, SCANS.detections), tracks: await timeScan(knex, SCANS.tracks) };
    const forget = async (): Promise<void> => {
      await knex.raw('TRUNCATE activity_hours, activity_baselines, class_baselines, baseline_states');
    };
    const late = async (): Promise<void> => {
      await knex.raw(`UPDATE baseline_states SET stale = tstzmultirange(tstzrange(as_of - interval '1 hour', as_of))`);
    };
    const nothing = await timeCommand(home, ['cameras', 'list'], () => Promise.resolve());
    const rebuild = await timeCommand(home, ['baselines', 'rebuild'], forget);
    const update = await timeCommand(home, ['baselines', 'update'], late);
    const verify = await timeCommand(home, ['baselines', 'update', '--verify'], late);
    const ratio = rebuild.seconds / scan.detections;
    const rows = (seconds: number, megabytes: number | string): Record<string, string | number> => ({
      s: seconds.toFixed(2),
      'of the scan': (seconds / scan.detections).toFixed(2),
      'peak MB': megabytes,
    });
    printFigures([
      { what: 'GROUP BY over the detections', ...rows(scan.detections, '') },
      { what: 'GROUP BY over the tracks', ...rows(scan.tracks, '') },
      { what: 'a command that does nothing', ...rows(nothing.seconds, nothing.megabytes) },
      { what: 'rebuild, nothing there before', ...rows(rebuild.seconds, rebuild.megabytes) },
      { what: 'update, an hour of every camera changed', ...rows(update.seconds, update.megabytes) },
      { what: 'the same and compared with a rebuild', ...rows(verify.seconds, verify.megabytes) },
    ]);
    process.stdout.write(`rebuild: ${ratio.toFixed(2)} times the scan (bar ${String(BAR_RATIO)})\n`);
    if (ratio > BAR_RATIO) process.exitCode = 1;
  } finally {
    await database.close();
  }
});
