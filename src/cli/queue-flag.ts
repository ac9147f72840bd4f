import { Flags } from '@oclif/core';
import { hasStandardStreams } from '../domain/command-jobs.ts';
import { UsageError } from '../errors/hs-error.ts';

export type Queued = { job_id: string; queue: string; already: boolean };

/** For commands whose work may be left to `hs worker`, without the flags of those who wait for what they print. */
export function queueFlag({ exclusive = [], dependsOn = [] }: { exclusive?: string[]; dependsOn?: string[] } = {}) {
  return Flags.boolean({ summary: 'Leave the work to workers (hs worker) and print the id of the job.', exclusive, dependsOn });
}

/** One line about work that was left to workers. */
export function queuedText({ job_id, queue, already }: Queued): string {
  return already
    ? `job ${job_id} in queue ${queue} does this already; see: hs jobs show ${job_id}`
    : `job ${job_id} waits in queue ${queue} for a worker; see: hs jobs show ${job_id}`;
}

/** Throws UsageError for words that come from standard input, or go to standard output: they cannot be left to anybody. */
export function refuseStandardStreams(words: readonly string[]): void {
  if (hasStandardStreams(words)) throw new UsageError('--queue goes without standard input and output: name files instead of -');
}
