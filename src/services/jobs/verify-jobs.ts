import type { Knex } from 'knex';
import { readAbandoned } from '../../db/queries/check/jobs.ts';
import { streamJobFaults, type JobFault } from '../../db/queries/check/job-faults.ts';
import { countJobs } from '../../db/queries/jobs.ts';

/** Rule of `hs check` about jobs that run without a process. */
const ABANDONED = 'J4';

export type JobVerification = {
  jobs: number;
  faults: AsyncIterable<JobFault>;
  /** How many faults there are; known when all were read. */
  found: () => number;
};

/**
 * Looks at the records of all jobs: statuses, attempts, times, progress, and whether somebody works on those that run. Names the
 * first `limit` faults, 0 for all, and counts the others.
 */
export async function verifyJobs(knex: Knex, { limit }: { limit: number }): Promise<JobVerification> {
  let found = 0;
  const isNamed = (): boolean => {
    found += 1;
    return limit === 0 || found <= limit;
  };
  return { jobs: await countJobs(knex), faults: namedOf(faultsOf(knex), isNamed), found: () => found };
}

async function* namedOf(faults: AsyncIterable<JobFault>, isNamed: () => boolean): AsyncIterable<JobFault> {
  for await (const fault of faults) if (isNamed()) yield fault;
}

async function* faultsOf(knex: Knex): AsyncIterable<JobFault> {
  yield* streamJobFaults(knex);
  for (const { id, job_type: type } of await readAbandoned(knex)) {
    yield { rule: ABANDONED, job_id: id, text: `${type} is running, but its process is gone; the next run clears it up` };
  }
}
