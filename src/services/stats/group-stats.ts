import type { Knex } from 'knex';

import { readSnapshot } from '../../db/queries/read-snapshot.ts';
import type { CountOptions, CountScope } from '../../db/queries/stats.ts';
import { datesBetween } from '../../domain/coverage/coverage-days.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { COUNTERS, EVENT_COLUMNS, footageColumns, WORST_FIRST, type StatsRecord } from './stats-columns.ts';
import { resolveStatsScope, type StatsOptions } from './stats-scope.ts';
import { sumFootage, type FootageSums } from './sum-footage.ts';

export const STATS_GROUPINGS = ['camera', 'day', 'hour', 'class', 'level'] as const;
export type StatsGrouping = (typeof STATS_GROUPINGS)[number];

const COUNTS = ['files', 'footage_hours', 'detections', 'tracks', ...EVENT_COLUMNS, 'alerts', 'score_mean', 'score_p90'];

/** Columns of `hs stats --by …` in their order; new ones are only ever added at the end. */
export const GROUP_COLUMNS: Readonly<Record<StatsGrouping, readonly string[]>> = {
  camera: ['camera_id', ...COUNTS, 'last_footage_at', 'timezone', 'last_footage_at_local'],
  day: ['date', ...COUNTS],
  hour: ['hour', ...COUNTS],
  class: ['class', 'detections', 'tracks', ...EVENT_COLUMNS, 'score_mean', 'score_p90'],
  level: ['level', 'events', 'events_percent', 'events_reviewed', 'alerts', 'score_mean', 'score_p90'],
};

const { files, detections, tracks, events, alerts } = COUNTERS;
const COUNTED = {
  camera: [files, detections, tracks, events, alerts],
  day: [files, detections, tracks, events, alerts],
  hour: [files, detections, tracks, events, alerts],
  class: [detections, tracks, events],
  level: [events, alerts],
} as const satisfies Record<StatsGrouping, unknown>;

/** One record a group, in the order of the groups. Throws a usage error for a wrong camera or time. */
export async function groupStats(knex: Knex, { by, ...options }: StatsOptions & { by: StatsGrouping }): Promise<StatsRecord[]> {
  return readSnapshot(knex, async (snapshot) => {
    const scope = await resolveStatsScope(snapshot, options);
    const { found, footage } = await countGroups(snapshot, { scope, by });
    const columns = GROUP_COLUMNS[by];
    const nothing = Object.fromEntries(columns.map((column) => [column, isCount(column) ? 0 : null]));
    const records = keysOf(by, scope, found).map((key) => only(columns, { ...nothing, ...found.get(key), ...nameOf(key, by) }));
    if (by === 'camera') return records.map((record, index) => ({ ...record, ...lastFootage(scope.cameras[index], footage) }));
    return by === 'level' ? withPercent(records) : records;
  });
}

/** Whether a scope has neither files nor anything seen in them. */
export function isNothing(records: readonly StatsRecord[]): boolean {
  return records.every((record) => ['files', 'detections', 'tracks', 'events', 'alerts'].every((column) => (record[column] ?? 0) === 0));
}

type Groups = Map<string, StatsRecord>;
type Grouped = CountOptions & { by: StatsGrouping };

const NO_FOOTAGE: FootageSums = { ms: new Map(), spans: new Map() };

async function countGroups(knex: Knex, options: Grouped): Promise<{ found: Groups; footage: FootageSums }> {
  const found: Groups = new Map();
  const add = (key: string, columns: StatsRecord): unknown => found.set(key, { ...found.get(key), ...columns });
  const isOfTime = GROUP_COLUMNS[options.by].includes('footage_hours');
  const footage = isOfTime ? await sumFootage(knex, options) : NO_FOOTAGE;
  footage.ms.forEach((ms, key) => add(key, footageColumns(ms)));
  for (const count of COUNTED[options.by]) for (const [key, columns] of await count(knex, options)) add(key, columns);
  return { found, footage };
}

function keysOf(by: StatsGrouping, scope: CountScope, found: Groups): string[] {
  switch (by) {
    case 'camera':
      return scope.cameras.map(({ id }) => id);
    case 'day':
      return datesBetween([...found.keys()]);
    case 'hour':
      return Array.from({ length: 24 }, (_, hour) => String(hour));
    case 'class':
      return mostSeenFirst(found);
    case 'level':
      return [...WORST_FIRST, 'unscored'];
  }
}

function mostSeenFirst(found: Groups): string[] {
  const size = (key: string, column: string): number => Number(found.get(key)?.[column] ?? 0);
  const order = (a: string, b: string): number =>
    size(b, 'tracks') - size(a, 'tracks') || size(b, 'detections') - size(a, 'detections') || (a < b ? -1 : 1);
  return [...found.keys()].sort(order);
}

function nameOf(key: string, by: StatsGrouping): StatsRecord {
  if (by === 'hour') return { hour: Number(key) };
  return { [{ camera: 'camera_id', day: 'date', class: 'class', level: 'level' }[by]]: key };
}

function only(columns: readonly string[], record: StatsRecord): StatsRecord {
  return Object.fromEntries(columns.map((column) => [column, record[column] ?? null]));
}

function isCount(column: string): boolean {
  return !column.startsWith('score_') && !column.startsWith('last_') && column !== 'timezone';
}

function lastFootage(camera: CountScope['cameras'][number] | undefined, { spans }: FootageSums): StatsRecord {
  const { id, zone } = camera ?? { id: '', zone: 'UTC' };
  const lastMs = spans.get(id)?.endMs;
  if (lastMs === undefined) return { timezone: zone };
  return { last_footage_at: new Date(lastMs), timezone: zone, last_footage_at_local: formatLocal(lastMs, zone) };
}

function withPercent(records: readonly StatsRecord[]): StatsRecord[] {
  const all = records.reduce((sum, { events }) => sum + Number(events), 0);
  return records.map((record) => ({ ...record, events_percent: all === 0 ? 0 : Math.round((1000 * Number(record['events'])) / all) / 10 }));
}
