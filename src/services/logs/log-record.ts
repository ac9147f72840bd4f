import type { LogRow } from '../../db/models/logs.ts';

/** Columns of a line of the application log in their order; new ones are only ever added at the end. */
export const LOG_COLUMNS = [
  'id',
  'timestamp',
  'level',
  'component',
  'camera_id',
  'message',
  'request_id',
  'duration_ms',
  'event_id',
  'detection_id',
  'extra',
] as const;

export type LogColumn = (typeof LOG_COLUMNS)[number];

export const LOG_LIST_COLUMNS: readonly LogColumn[] = ['id', 'timestamp', 'level', 'component', 'camera_id', 'message'];

/** `request_id` is the id of the run. */
export type LogRecord = Readonly<Omit<Pick<LogRow, LogColumn>, 'extra'> & { extra: object | null }>;

export function toLogRecord(row: LogRow): LogRecord {
  return {
    id: row.id,
    timestamp: row.timestamp,
    level: row.level,
    component: row.component,
    camera_id: row.camera_id,
    message: row.message,
    request_id: row.request_id,
    duration_ms: row.duration_ms,
    event_id: row.event_id,
    detection_id: row.detection_id,
    extra: row.extra as object | null,
  };
}
