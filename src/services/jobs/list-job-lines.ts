import type { Knex } from 'knex';
import { listJobLogs } from '../../db/models/job-logs.ts';
import { LOG_LEVELS, type LogLevel } from '../../domain/enums.ts';
import { UsageError } from '../../errors/hs-error.ts';
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
  const { jobId, attempt, level, limit } = options;
  const job = await getJob(knex, jobId);
  return listJobLogs(knex, {
    jobId: job.id,
    ...(attempt === undefined ? {} : { attemptNumber: attempt }),
    ...(level === undefined ? {} : { levels: levelsFrom(level) }),
    ...(limit === 0 ? {} : { limit }),
  });
}

function levelsFrom(text: string): LogLevel[] {
  const lowest = LOG_LEVELS.findIndex((level) => level === text.toLowerCase());
  if (lowest === -1)
    throw new UsageError(`--level ${JSON.stringify(text)} is not a level`, { hint: `use one of ${LOG_LEVELS.join(', ')}` });
  return LOG_LEVELS.slice(lowest);
}
