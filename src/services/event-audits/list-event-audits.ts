import type { Knex } from 'knex';

import {
  EVENT_AUDIT_SORT_COLUMNS,
  streamEventAudits,
  type EventAuditFilter,
  type EventAuditListRow,
  type EventAuditSortField,
} from '../../db/queries/event-audits.ts';
import type { ListSort } from '../../db/queries/list-order.ts';
import { AUDIT_FLAGS, EVALUATION_MODES } from '../../domain/event-audit.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { mapRows } from '../lists/map-rows.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';

/** Columns of `hs audit events` in their order; new ones are only ever added at the end. */
export const EVENT_AUDIT_COLUMNS = [
  'event_id',
  'started_at',
  'camera_id',
  'risk_score',
  'risk_source',
  'enrichment_utilization',
  'overall_quality_score',
  'consistency_score',
  'consistency_diff',
  'audited_at',
  'risk_level',
  'consistency_risk_score',
  'context_usage_score',
  'reasoning_coherence_score',
  'risk_justification_score',
  'self_eval_critique',
  'missing_context',
  'confusing_sections',
  'unused_data',
  'format_suggestions',
  'model_gaps',
  ...AUDIT_FLAGS,
  'prompt_length',
  'prompt_token_estimate',
  'self_eval_prompt',
  'self_eval_response',
  'timezone',
  'started_at_local',
] as const;

const SHOWN = 10;
export const EVENT_AUDIT_LIST_COLUMNS = EVENT_AUDIT_COLUMNS.slice(0, SHOWN);

/** What `--sort` takes. */
export const EVENT_AUDIT_SORT_FIELDS = Object.keys(EVENT_AUDIT_SORT_COLUMNS) as EventAuditSortField[];

/** What `--mode` takes: evaluated at all, or by that mode. */
export const AUDIT_LIST_MODES = ['evaluated', ...EVALUATION_MODES] as const;

export type EventAuditRecord = Readonly<Record<(typeof EVENT_AUDIT_COLUMNS)[number], ExportValue>>;

export type ListEventAuditsOptions = {
  scope: ListScope;
  filter: Pick<EventAuditFilter, 'minQuality' | 'modes'>;
  sort: ListSort<EventAuditSortField>;
  /** 0: all. */
  limit: number;
  zones: ZoneSettings;
};

/** Resolves with the rows still to come; a wrong camera or time is told before the first of them. */
export async function listEventAudits(knex: Knex, options: ListEventAuditsOptions): Promise<AsyncIterable<EventAuditRecord>> {
  const filter = { ...options.filter, ...(await resolveScope(knex, options.scope, options.zones)) };
  const rows = streamEventAudits(knex, { filter, sort: options.sort, limit: options.limit });
  return mapRows(rows, (row) => toRecord(row, options.zones));
}

function toRecord(row: EventAuditListRow, settings: ZoneSettings): EventAuditRecord {
  const timezone = cameraZone(row, settings);
  const { missing_context, confusing_sections, unused_data, format_suggestions, model_gaps, ...columns } = row;
  return {
    ...columns,
    missing_context: toList(missing_context),
    confusing_sections: toList(confusing_sections),
    unused_data: toList(unused_data),
    format_suggestions: toList(format_suggestions),
    model_gaps: toList(model_gaps),
    timezone,
    started_at_local: formatLocal(row.started_at.getTime(), timezone),
  };
}

/** Stored as text; what is no list is shown as it is, and `hs check` names it. */
function toList(text: string | null): ExportValue {
  if (text === null) return null;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : text;
  } catch {
    return text;
  }
}
