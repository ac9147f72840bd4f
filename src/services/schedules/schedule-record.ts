import type { JobStatus } from '../../domain/enums.ts';
import { shellWord } from '../../domain/schedule/quote-words.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { ScheduleRow } from '../../db/models/schedules.ts';
import type { ExportValue } from '../../exporters/export-record.ts';

/** Columns of a schedule in their order; new ones are only ever added at the end. Times are those of its zone, with the offset. */
export const SCHEDULE_COLUMNS = [
  'name',
  'cron',
  'time_zone',
  'next_due',
  'last_due',
  'last_outcome',
  'last_job_id',
  'missed',
  'command',
  'cwd',
  'created_by',
  'created_at',
] as const;

export type ScheduleColumn = (typeof SCHEDULE_COLUMNS)[number];

export const SCHEDULE_LIST_COLUMNS: readonly ScheduleColumn[] = [
  'name',
  'cron',
  'time_zone',
  'next_due',
  'last_due',
  'last_outcome',
  'command',
];

export type ScheduleRecord = Readonly<Record<ScheduleColumn, ExportValue>>;

type Known = ScheduleRow & { job_status?: JobStatus | null; job_error?: string | null };

export function toScheduleRecord(row: Known): ScheduleRecord {
  return {
    name: row.name,
    cron: row.cron,
    time_zone: row.time_zone,
    next_due: minuteText(row.next_due_at, row.time_zone),
    last_due: row.last_due_at === null ? null : minuteText(row.last_due_at, row.time_zone),
    last_outcome: outcomeOf(row),
    last_job_id: row.last_job_id,
    missed: row.missed,
    command: ['hs', ...row.argv].map(shellWord).join(' '),
    cwd: row.cwd,
    created_by: row.actor,
    created_at: row.created_at,
  };
}

/** What came of the last time: that of its job, or why there was none. */
function outcomeOf({ last_fate: fate, job_status: status = null, job_error: error = null }: Known): string | null {
  if (fate === 'left_out') return 'left out: the one before still ran';
  if (fate === 'missed') return 'missed: no worker was there';
  if (fate === null) return null;
  return status === 'failed' && error !== null ? `failed: ${error}` : (status ?? 'job removed');
}

/** `2026-03-29T03:30+02:00`. */
function minuteText(at: Date, zone: string): string {
  const text = formatLocal(at.getTime(), zone);
  return `${text.slice(0, 16)}${text.slice(23)}`;
}
