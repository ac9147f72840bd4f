import type { Knex } from 'knex';

import { findIngestRates, type IngestRateRow } from '../../db/queries/ingest-rates.ts';
import { readSnapshot } from '../../db/queries/read-snapshot.ts';
import type { CountScope } from '../../db/queries/stats.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { readServerFacts } from '../../db/server-facts.ts';
import { ALERT_COLUMNS, COUNTERS, EVENT_COLUMNS, FILE_COLUMNS, footageColumns, type StatsRecord } from './stats-columns.ts';
import { resolveStatsScope, type StatsOptions } from './stats-scope.ts';
import { sumFootage } from './sum-footage.ts';

const CLASSES_SHOWN = 10;
const RUNS_SHOWN = 5;

/** Speed of one run, all its work counted; `times_real_time` is footage by time taken. */
export type RunRate = { run_id: string; ended_at: Date; seconds: number; files: number; files_per_s: number; times_real_time: number };

/** Columns of `hs stats` in their order; new ones are only ever added at the end. */
export const HEADLINE_COLUMNS = [
  'since',
  'until',
  'cameras',
  ...FILE_COLUMNS,
  'first_footage_at',
  'last_footage_at',
  'footage_hours',
  'detections',
  'tracks',
  'classes',
  ...EVENT_COLUMNS,
  'events_reviewed',
  'score_mean',
  'score_median',
  'score_p90',
  ...ALERT_COLUMNS,
  'ingest_runs',
  'database_bytes',
  'timezone',
  'first_footage_at_local',
  'last_footage_at_local',
];

/** `classes`: tracks of the most frequent ones; `ingest_runs`: the last ones, the newest first. */
export type Headline = StatsRecord & { classes: Readonly<Record<string, number>>; ingest_runs: readonly RunRate[] };

/** The store in figures. Runs and the size of the database are not of the span and the cameras, but of all. */
export async function headline(knex: Knex, options: StatsOptions): Promise<Headline> {
  return readSnapshot(knex, async (snapshot) => {
    const scope = await resolveStatsScope(snapshot, options);
    const columns = await countAll(snapshot, scope);
    const classes = await countClasses(snapshot, scope);
    const runs = (await findIngestRates(snapshot, RUNS_SHOWN)).map(toRate);
    const { sizeBytes } = await readServerFacts(snapshot);
    return { ...columns, classes, ingest_runs: runs, database_bytes: sizeBytes };
  });
}

async function countAll(knex: Knex, scope: CountScope): Promise<StatsRecord> {
  const { ms, spans } = await sumFootage(knex, { scope, by: 'all' });
  const all = [...spans.values()];
  const zone = zoneOf(scope);
  const [first, last] = [Math.min(...all.map(({ startMs }) => startMs)), Math.max(...all.map(({ endMs }) => endMs))];
  let columns: StatsRecord = {
    since: scope.since ?? null,
    until: scope.until ?? null,
    cameras: scope.cameras.length,
    first_footage_at: toDate(first),
    last_footage_at: toDate(last),
    timezone: zone,
    first_footage_at_local: toLocal(first, zone),
    last_footage_at_local: toLocal(last, zone),
    ...footageColumns(ms.get('') ?? 0),
  };
  for (const count of Object.values(COUNTERS)) {
    for (const [, counted] of await count(knex, { scope, by: 'all' })) columns = { ...columns, ...counted };
  }
  return columns;
}

function toDate(ms: number): Date | null {
  return Number.isFinite(ms) ? new Date(ms) : null;
}

function toLocal(ms: number, zone: string): string | null {
  return Number.isFinite(ms) ? formatLocal(ms, zone) : null;
}

async function countClasses(knex: Knex, scope: CountScope): Promise<Record<string, number>> {
  const tracks = (await COUNTERS.tracks(knex, { scope, by: 'class' })).map(
    ([label, counted]) => [label, Number(counted['tracks'])] as const,
  );
  return Object.fromEntries(tracks.sort(([a, most], [b, more]) => more - most || (a < b ? -1 : 1)).slice(0, CLASSES_SHOWN));
}

function toRate({ run_id, started_at, ended_at, files, footage_ms }: IngestRateRow): RunRate {
  // A run within one tick of the clock has no speed worth telling.
  const seconds = Math.max(0.001, (ended_at.getTime() - started_at.getTime()) / 1000);
  return { run_id, ended_at, seconds, files, files_per_s: rounded(files / seconds), times_real_time: rounded(footage_ms / 1000 / seconds) };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** The zone times are shown in: that of the cameras where they share one. */
function zoneOf({ cameras }: CountScope): string {
  const zones = new Set(cameras.map(({ zone }) => zone));
  const [only] = zones;
  return zones.size === 1 && only !== undefined ? only : 'UTC';
}
