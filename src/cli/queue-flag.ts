import { Flags } from '@oclif/core';

/** For commands whose work may be left to `hs worker`. */
export function queueFlag() {
  return Flags.boolean({ summary: 'Leave the work to workers (hs worker) and print the id of the job.' });
}

/** One line about work that was left to workers. */
export function queuedText({ job_id, queue, already }: { job_id: string; queue: string; already: boolean }): string {
  return already
    ? `job ${job_id} in queue ${queue} does this already; see: hs jobs show ${job_id}`
    : `job ${job_id} waits in queue ${queue} for a worker; see: hs jobs show ${job_id}`;
}
