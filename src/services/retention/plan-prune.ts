import { stat } from 'node:fs/promises';
import type { Knex } from 'knex';

import { EVENT_CHILDREN } from '../../db/models/prune-footage.ts';
import { findDetectionChildren } from '../../db/queries/detection-children.ts';
import {
  countClips,
  countDetections,
  countExpiredEvents,
  countExpiredTracks,
  streamExpiredClips,
} from '../../db/queries/retention/footage-counts.ts';
import type { OriginalsChoice } from '../../db/queries/retention/originals.ts';
import { countAuditRows } from '../../db/queries/retention/audit-rows.ts';
import { countActivityHours, countTimedRows, relationBytes } from '../../db/queries/retention/timed-rows.ts';
import { findLimits, type LimitOptions, type Limits } from './find-limits.ts';
import { bytesOfMonths, planMonths, type PlannedMonth } from './plan-months.ts';
import { countUnusedOriginals } from './plan-originals.ts';
import { countOldLooks } from './prune-looks.ts';
import { TIMED_TABLES } from './prune-rows.ts';
import { keepTimeOf, RETENTION_KINDS, type RetentionKind } from './retention-kinds.ts';

export type PlanOptions = LimitOptions & { originals: OriginalsChoice | undefined };

/** What is over age in one table or kind of file, what of it stays and why, and what the rest takes on the disk. */
export type PlannedTable = {
  kind: RetentionKind | 'originals';
  table: string;
  keep: string;
  rows: number;
  over_age: number;
  kept: number;
  goes: number;
  bytes: number;
  kept_why: Record<string, number>;
};

export type PrunePlan = { limits: Limits; months: PlannedMonth[]; tables: PlannedTable[] };

type Counted = { rows: number; over_age: number; kept?: number; why?: Record<string, number>; bytes: number };

/** Looks at everything and changes nothing. */
export async function planPrune(knex: Knex, options: PlanOptions): Promise<PrunePlan> {
  const limits = await findLimits(knex, options);
  const months = await planMonths(knex, limits.footage);
  const tables: PlannedTable[] = [];
  for (const kind of RETENTION_KINDS) {
    if (options.kinds.length > 0 && !options.kinds.includes(kind)) continue;
    const keep = (kind === 'footage' ? options.olderThan : undefined) ?? keepTimeOf(options.settings, kind);
    for (const [table, counted] of await countKind(knex, kind, { limits, months })) tables.push(toTable({ kind, table, keep }, counted));
  }
  if (options.originals !== undefined) tables.push(await planOriginals(knex, options.originals, { limits, options }));
  return { limits, months, tables };
}

type Named = Pick<PlannedTable, 'kind' | 'table' | 'keep'>;

function toTable(named: Named, { rows, over_age, kept = 0, why = {}, bytes }: Counted): PlannedTable {
  const reasons = Object.fromEntries(Object.entries(why).filter(([, count]) => count > 0));
  return { ...named, rows, over_age, kept, goes: over_age - kept, bytes, kept_why: reasons };
}

type Found = { limits: Limits; months: readonly PlannedMonth[] };

async function countKind(knex: Knex, kind: RetentionKind, { limits, months }: Found): Promise<[string, Counted][]> {
  if (kind === 'footage') return countFootage(knex, { limits, months });
  if (kind === 'activity_hours') {
    const hours = await countActivityHours(knex, limits.activityHours);
    return [['activity_hours', { ...hours, bytes: await shareOf(knex, ['activity_hours'], { ...hours, goes: hours.over_age }) }]];
  }
  if (kind === 'audit_logs') {
    const count = await countAuditRows(knex, limits.timed.get(kind) ?? null);
    return [[kind, { ...count, bytes: await shareOf(knex, [kind], { ...count, goes: count.over_age }) }]];
  }
  const counted: [string, Counted][] = [];
  for (const table of TIMED_TABLES[kind]) {
    const count = await countTimedRows(knex, table, limits.timed.get(kind) ?? null);
    const tables = table === 'jobs' ? ['jobs', 'job_attempts', 'job_logs', 'job_transitions'] : [table];
    counted.push([table, { ...count, bytes: await shareOf(knex, tables, { ...count, goes: count.over_age }) }]);
  }
  return counted;
}

async function countFootage(knex: Knex, { limits: { footage }, months }: Found): Promise<[string, Counted][]> {
  const { kept, rows, over_age, ...why } = await countExpiredEvents(knex, footage);
  const events = { kept, rows, over_age, goes: over_age - kept };
  const tracks = await countExpiredTracks(knex, footage);
  const looks = await countOldLooks(knex, footage);
  const clips = await sizeClips(knex, footage);
  return [
    ['events', { ...events, why, bytes: await shareOf(knex, ['events', ...EVENT_CHILDREN], events) }],
    ['tracks', { ...tracks, why: { of_kept_events: tracks.kept }, bytes: await shareOf(knex, ['tracks'], goesOf(tracks)) }],
    ['detections', await countDetectionRows(knex, months)],
    ['scene_checks', { ...looks, bytes: await shareOf(knex, ['scene_checks'], { ...looks, goes: looks.over_age }) }],
    ['clips', { rows: await countClips(knex), over_age: clips.count, bytes: clips.bytes }],
  ];
}

function goesOf<Count extends { over_age: number; kept: number }>(count: Count): Count & { goes: number } {
  return { ...count, goes: count.over_age - count.kept };
}

async function countDetectionRows(knex: Knex, months: readonly PlannedMonth[]): Promise<Counted> {
  const rows = await countDetections(knex);
  const over_age = months.reduce((sum, month) => sum + month.over_age, 0);
  const kept = months.reduce((sum, month) => sum + month.kept, 0);
  const results = (await findDetectionChildren(knex)).map(({ table }) => table).filter((table) => table !== 'event_detections');
  const bytes = bytesOfMonths(months) + (await shareOf(knex, results, { rows, goes: over_age - kept }));
  return { rows, over_age, kept, why: { of_kept_events_and_tracks: kept }, bytes };
}

/** Rows of a table are taken for equally long. */
async function shareOf(knex: Knex, tables: readonly string[], { rows, goes }: { rows: number; goes: number }): Promise<number> {
  return goes === 0 ? 0 : Math.round(((await relationBytes(knex, tables)) * goes) / rows);
}

async function sizeClips(knex: Knex, limits: Limits['footage']): Promise<{ count: number; bytes: number }> {
  const clips = { count: 0, bytes: 0 };
  for await (const path of streamExpiredClips(knex, limits)) {
    clips.count += 1;
    clips.bytes += (await stat(path).catch(() => undefined))?.size ?? 0;
  }
  return clips;
}

type OriginalsPlan = { limits: Limits; options: PlanOptions };

async function planOriginals(knex: Knex, choice: OriginalsChoice, { limits, options }: OriginalsPlan): Promise<PlannedTable> {
  const { rows, over_age, goes, bytes, unmarked } = await countUnusedOriginals(knex, { choice, limits: limits.originals });
  const named = { kind: 'originals', table: 'originals', keep: options.olderThan ?? options.settings.footage } as const;
  const why = { [choice === 'empty' ? 'not_empty' : 'in_use']: over_age - goes - unmarked, no_marked_root: unmarked };
  return toTable(named, { rows, over_age, kept: over_age - goes, why, bytes });
}
