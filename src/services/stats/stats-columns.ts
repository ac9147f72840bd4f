import type { Knex } from 'knex';

import {
  countAlertsBy,
  countDetectionsBy,
  countEventsBy,
  countFilesBy,
  countTracksBy,
  type AlertCounts,
  type CountOptions,
  type EventCounts,
  type FileCounts,
} from '../../db/queries/stats.ts';
import { MEDIA_FILE_STATUSES, SEVERITIES } from '../../domain/enums.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { inHours } from '../coverage/report-coverage.ts';

export type StatsRecord = Readonly<Record<string, ExportValue | object>>;

/** From the worst to the mildest, as people read them. */
export const WORST_FIRST = SEVERITIES.toReversed();

export const FILE_COLUMNS = ['files', ...MEDIA_FILE_STATUSES.map((status) => `files_${status}`), 'file_bytes'];
export const EVENT_COLUMNS = ['events', ...WORST_FIRST.map((level) => `events_${level}`), 'events_unscored'];
export const ALERT_COLUMNS = ['alerts', ...WORST_FIRST.map((severity) => `alerts_${severity}`)];

/** Columns of each key. */
type Counter = (knex: Knex, options: CountOptions) => Promise<[key: string, columns: StatsRecord][]>;

/** What is counted, one statement each. */
export const COUNTERS = {
  files: counter(countFilesBy, fileColumns),
  detections: counter(countDetectionsBy, ({ detections }) => ({ detections })),
  tracks: counter(countTracksBy, ({ tracks }) => ({ tracks })),
  events: counter(countEventsBy, eventColumns),
  alerts: counter(countAlertsBy, alertColumns),
} as const;

function counter<Row extends { key: string }>(
  count: (knex: Knex, options: CountOptions) => Promise<Row[]>,
  toColumns: (row: Row) => StatsRecord,
): Counter {
  return async (knex, options) => (await count(knex, options)).map((row) => [row.key, toColumns(row)]);
}

function fileColumns(counts: FileCounts): StatsRecord {
  const byStatus = MEDIA_FILE_STATUSES.map((status) => [`files_${status}`, counts[status]] as const);
  return { files: counts.files, file_bytes: counts.bytes, ...Object.fromEntries(byStatus) };
}

export function footageColumns(ms: number): StatsRecord {
  return { footage_hours: inHours(ms) };
}

function eventColumns(counts: EventCounts): StatsRecord {
  return {
    events: counts.events,
    events_unscored: counts.unscored,
    events_reviewed: counts.reviewed,
    ...Object.fromEntries(SEVERITIES.map((level) => [`events_${level}`, counts[level]])),
    score_mean: toTenth(counts.score_mean),
    score_median: toTenth(counts.score_median),
    score_p90: toTenth(counts.score_p90),
  };
}

function alertColumns(counts: AlertCounts): StatsRecord {
  return { alerts: counts.alerts, ...Object.fromEntries(SEVERITIES.map((severity) => [`alerts_${severity}`, counts[severity]])) };
}

function toTenth(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}
