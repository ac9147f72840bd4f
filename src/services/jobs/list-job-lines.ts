import type { Knex } from 'knex';
import { listJobLogs, type JobLogRow, type ListJobLogsOptions as Filter } from '../../db/models/job-logs.ts';
import type { JobRow } from '../../db/models/jobs.ts';
import { LOG_LEVELS, type LogLevel } from '../../domain/enums.ts';
import { followRows } from '../lists/follow-rows.ts';
import { levelsFrom } from '../lists/levels-from.ts';
import { inOrder } from '../lists/map-rows.ts';
import { getJob } from './get-job.ts';

export type JobLine = {
  timestamp: Date;
  level: LogLevel;
  attempt_number: number;
  message: string;
  context: unknown;
};

export type ListJobLinesOptions = {
  jobId: string;
  attempt?: number | undefined;
  /** Lines of this level and those more severe. */
  level?: string | undefined;
  /** The newest so many lines; 0: all. */
  limit: number;
};

/** Log lines of a job, oldest first. Throws a usage error when there is no such job or level. */
export async function listJobLines(knex: Knex, options: ListJobLinesOptions): Promise<JobLine[]> {
  const filter = await toFilter(knex, options);
  return listJobLogs(knex, { ...filter, ...(options.limit === 0 ? {} : { limit: options.limit }) });
}

/** The same, and then lines as they are written, until the job is finished or the signal aborts. */
export async function followJobLines(knex: Knex, options: ListJobLinesOptions & { signal: AbortSignal }): Promise<AsyncIterable<JobLine>> {
  const { limit, signal } = options;
  const filter = await toFilter(knex, options);
  const shown = await listJobLogs(knex, { ...filter, ...(limit === 0 ? {} : { limit }) });
  const fetchAfter = (afterId: string | undefined): Promise<JobLogRow[]> =>
    listJobLogs(knex, { ...filter, ...(afterId === undefined ? {} : { afterId }) });
  const isOver = async (): Promise<boolean> => isFinished(await getJob(knex, filter.jobId));
  return inOrder(shown, followRows({ shown, fetchAfter, isOver, signal }));
}

/** Lines are written before the job ends, so a look after its end sees all of them. */
function isFinished({ status, next_retry_at: nextRetryAt }: JobRow): boolean {
  return status === 'completed' || status === 'cancelled' || (status === 'failed' && nextRetryAt === null);
}

async function toFilter(knex: Knex, { jobId, attempt, level }: ListJobLinesOptions): Promise<Filter> {
  const job = await getJob(knex, jobId);
  return {
    jobId: job.id,
    ...(attempt === undefined ? {} : { attemptNumber: attempt }),
    ...(level === undefined ? {} : { levels: levelsFrom(level, LOG_LEVELS) }),
  };
}
