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

/**
 * Closes the attempt of a running job whose worker is gone or may not go on. It waits for another attempt at once if it has one
 * left; where the queue itself was lost (`system`), that attempt does not count.
 */
export async function endLostAttempt(trx: Knex.Transaction, job: JobRow, by: keyof typeof REASONS): Promise<JobRow> {
  const message = REASONS[by];
  const now = await readDatabaseClock(trx);
  const max_attempts = by === 'system' ? job.max_attempts + 1 : job.max_attempts;
  const failed = { ...failJob(job, now, { message }), max_attempts };
  const retries = canRetry({ ...job, status: 'failed', max_attempts });
  await endJobAttempt(trx, { jobId: job.id, attemptNumber: job.attempt_number, status: 'failed', error: { message } });
  // An export has the id of its job.
  await failExportJob(trx, job.id, message);
  return saveJobMove(trx, { job, patch: { ...failed, next_retry_at: retries ? now : null }, by, metadata: { reason: message } });
}
