import type { Knex } from 'knex';

import type { AppLogLevel, LogSource } from '../../domain/enums.ts';
import { storableJson } from '../../lib/storable-json.ts';

/** One row of `logs`, as stored. */
export type LogRow = {
  id: number;
  timestamp: Date;
  level: AppLogLevel;
  component: string;
  message: string;
  camera_id: string | null;
  event_id: number | null;
  detection_id: number | null;
  /** Run id. */
  request_id: string | null;
  duration_ms: number | null;
  extra: unknown;
  source: LogSource;
  user_agent: string | null;
};

export type NewLog = Pick<LogRow, 'level' | 'component' | 'message'> &
  Partial<Pick<LogRow, 'timestamp' | 'camera_id' | 'event_id' | 'detection_id' | 'request_id' | 'duration_ms' | 'extra'>>;

const BATCH_ROWS = 500;

/** Writes lines in the order given. Over-long names are cut, never refused. */
export async function insertLogs(knex: Knex, lines: readonly NewLog[]): Promise<void> {
  for (let start = 0; start < lines.length; start += BATCH_ROWS) {
    await knex('logs').insert(lines.slice(start, start + BATCH_ROWS).map(toColumns));
  }
}

function toColumns(line: NewLog): Record<string, unknown> {
  return {
    ...line,
    component: line.component.slice(0, 50),
    message: line.message.replaceAll('\0', ''),
    camera_id: line.camera_id?.slice(0, 100) ?? null,
    request_id: line.request_id?.slice(0, 36) ?? null,
    extra: line.extra === undefined ? null : storableJson(line.extra),
  };
}
