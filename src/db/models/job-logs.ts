import type { Knex } from 'knex';

import type { LogLevel } from '../../domain/enums.ts';
import { storableJson } from '../../lib/storable-json.ts';
import { uuidV7 } from '../uuid-v7.ts';

/** One row of `job_logs`, as stored. */
export type JobLogRow = {
  id: string;
  job_id: string;
  attempt_number: number;
  timestamp: Date;
  level: LogLevel;
  message: string;
  context: unknown;
};

export type NewJobLog = {
  job_id: string;
  attempt_number: number;
  level: LogLevel;
  message: string;
  context?: unknown;
  /** Left out: the database's time. */
  timestamp?: Date;
};

const BATCH_ROWS = 500;

/** Writes lines in the order given. PostgreSQL stores no NUL characters: they are removed. */
export async function insertJobLogs(knex: Knex, lines: readonly NewJobLog[]): Promise<void> {
  for (let start = 0; start < lines.length; start += BATCH_ROWS) {
    await knex('job_logs').insert(lines.slice(start, start + BATCH_ROWS).map(toColumns));
  }
}

function toColumns({ context, message, ...line }: NewJobLog): Record<string, unknown> {
  return {
    id: uuidV7(),
    ...line,
    message: message.replaceAll('\0', ''),
    context: context === undefined ? null : storableJson(context),
  };
}

export type ListJobLogsOptions = { jobId: string; attemptNumber?: number; levels?: readonly LogLevel[]; limit?: number; afterId?: string };

/** Oldest first. With `limit` the newest lines; with `afterId` those written after that one. */
export async function listJobLogs(knex: Knex, options: ListJobLogsOptions): Promise<JobLogRow[]> {
  const query = knex<JobLogRow>('job_logs').where({ job_id: options.jobId });
  if (options.attemptNumber !== undefined) void query.where({ attempt_number: options.attemptNumber });
  if (options.levels !== undefined) void query.whereIn('level', [...options.levels]);
  if (options.afterId !== undefined) void query.where('id', '>', options.afterId);
  if (options.limit !== undefined) void query.limit(options.limit);
  const rows: JobLogRow[] = await query.orderBy([
    { column: 'timestamp', order: 'desc' },
    { column: 'id', order: 'desc' },
  ]);
  return rows.reverse();
}
