import type { SummaryRow } from '../../db/models/summaries.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { ExportValue } from '../../exporters/export-record.ts';

/** Columns of `hs summaries list` in their order; new ones are only ever added at the end. */
export const SUMMARY_COLUMNS = [
  'id',
  'summary_type',
  'window_start',
  'window_end',
  'event_count',
  'content',
  'event_ids',
  'generated_at',
  'timezone',
  'window_start_local',
  'window_end_local',
] as const;

const SHOWN = 6;
export const SUMMARY_LIST_COLUMNS = SUMMARY_COLUMNS.slice(0, SHOWN);

export type SummaryRecord = Readonly<Record<(typeof SUMMARY_COLUMNS)[number], ExportValue>>;

export function toSummaryRecord(row: Omit<SummaryRow, 'created_at'>, timezone: string): SummaryRecord {
  const local = (at: Date): string => formatLocal(at.getTime(), timezone);
  return {
    id: row.id,
    summary_type: row.summary_type,
    window_start: row.window_start,
    window_end: row.window_end,
    event_count: row.event_count,
    content: row.content,
    event_ids: row.event_ids,
    generated_at: row.generated_at,
    timezone,
    window_start_local: local(row.window_start),
    window_end_local: local(row.window_end),
  };
}
