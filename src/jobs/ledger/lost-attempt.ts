import type { Knex } from 'knex';

import { readDatabaseClock } from '../../db/database-clock.ts';
import { failExportJob } from '../../db/models/export-jobs.ts';
import { endJobAttempt } from '../../db/models/job-attempts.ts';
import { saveJobMove, type JobRow } from '../../db/models/jobs.ts';
import { canRetry, failJob } from '../../domain/job.ts';

const REASONS = {
  timeout: 'its worker gave no sign of life',
  system: 'the queue was set up anew while it ran',
} as const;

/** What a decoder dies of costs a file in a process of its own: so a lost worker says little against its job, until it is lost again and again. */
const LOST_AT_MOST = 20;

/**
 * Closes the attempt of a running job whose worker is gone or may not go on. It waits for another attempt at once, and this one does not
 * count; only what has lost twenty is given up. Where the queue itself was lost (`system`) it never counts.
 */
export async function endLostAttempt(trx: Knex.Transaction, job: JobRow, by: keyof typeof REASONS): Promise<JobRow> {
  const message = REASONS[by];
  const now = await readDatabaseClock(trx);
  const isForgiven = by === 'system' || job.attempt_number < LOST_AT_MOST;
  const max_attempts = isForgiven ? job.max_attempts + 1 : Math.max(job.attempt_number, job.max_attempts);
  const failed = { ...failJob(job, now, { message }), max_attempts };
  const retries = isForgiven && canRetry({ ...job, status: 'failed', max_attempts });
  await endJobAttempt(trx, { jobId: job.id, attemptNumber: job.attempt_number, status: 'failed', error: { message } });
  // An export has the id of its job.
  await failExportJob(trx, job.id, message);
  return saveJobMove(trx, { job, patch: { ...failed, next_retry_at: retries ? now : null }, by, metadata: { reason: message } });
}
