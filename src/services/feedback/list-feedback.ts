import type { Knex } from 'knex';

import {
  FEEDBACK_SORT_COLUMNS,
  streamFeedback,
  type FeedbackFilter,
  type FeedbackListRow,
  type FeedbackSortField,
} from '../../db/queries/feedback.ts';
import type { ListSort } from '../../db/queries/list-order.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { mapRows } from '../lists/map-rows.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';

/** Columns of `hs feedback list` in their order; new ones are only ever added at the end. */
export const FEEDBACK_COLUMNS = [
  'event_id',
  'started_at',
  'camera_id',
  'feedback_type',
  'expected_severity',
  'score_at_feedback',
  'risk_source',
  'created_at',
  'notes',
  'user_id',
  'prompt_version',
  'risk_score',
  'risk_level',
  'summary',
  'timezone',
  'started_at_local',
] as const;

const SHOWN = 9;
export const FEEDBACK_LIST_COLUMNS = FEEDBACK_COLUMNS.slice(0, SHOWN);

/** What `--sort` takes. */
export const FEEDBACK_SORT_FIELDS = Object.keys(FEEDBACK_SORT_COLUMNS) as FeedbackSortField[];

export type FeedbackRecord = Readonly<Record<(typeof FEEDBACK_COLUMNS)[number], ExportValue>>;

export type ListFeedbackOptions = {
  scope: ListScope;
  filter: Pick<FeedbackFilter, 'types'>;
  sort: ListSort<FeedbackSortField>;
  /** 0: all. */
  limit: number;
  zones: ZoneSettings;
};

/** Resolves with the rows still to come; a wrong camera or time is told before the first of them. */
export async function listFeedback(knex: Knex, options: ListFeedbackOptions): Promise<AsyncIterable<FeedbackRecord>> {
  const filter = { ...options.filter, ...(await resolveScope(knex, options.scope, options.zones)) };
  const rows = streamFeedback(knex, { filter, sort: options.sort, limit: options.limit });
  return mapRows(rows, (row) => toRecord(row, options.zones));
}

function toRecord(row: FeedbackListRow, settings: ZoneSettings): FeedbackRecord {
  const timezone = cameraZone(row, settings);
  return {
    event_id: row.event_id,
    started_at: row.started_at,
    camera_id: row.camera_id,
    feedback_type: row.feedback_type,
    expected_severity: row.expected_severity,
    score_at_feedback: row.score_at_feedback,
    risk_source: row.risk_source,
    created_at: row.created_at,
    notes: row.notes,
    user_id: row.user_id,
    prompt_version: row.prompt_version,
    risk_score: row.risk_score,
    risk_level: row.risk_level,
    summary: row.summary,
    timezone,
    started_at_local: formatLocal(row.started_at.getTime(), timezone),
  };
}
