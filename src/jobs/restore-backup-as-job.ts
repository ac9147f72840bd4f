import type { Knex } from 'knex';
import { insertAuditLog } from '../db/models/audit-logs.ts';
import { failOpenExportJobs } from '../db/models/export-jobs.ts';
import { uuidV7 } from '../db/uuid-v7.ts';
import { EXIT } from '../errors/exit-codes.ts';
import { toErrorReport } from '../errors/to-error-report.ts';
import { restoreBackup, type RestoredBackup, type RestoreOptions } from '../services/backup/restore-backup.ts';
import { finishJob } from './finish-job.ts';
import { reapDeadRuns } from './reap-dead-runs.ts';
import type { RunAsJobOptions } from './run-as-job.ts';
import { startJob, type JobOrder } from './start-job.ts';

export type RestoreAsJobOptions = Pick<RestoreOptions, 'path' | 'replace' | 'dryRun' | 'onProgress' | 'safetyPath' | 'lockWaitMs'> & {
  job: Omit<RunAsJobOptions, 'jobType'>;
  actor: string;
};

/**
 * Restores with the records of a job. A restore replaces those tables, too: its own job and audit rows are written after the rows of the backup, in the
 * same transaction; those of a restore that failed, into the database that stayed.
 */
export async function restoreAsJob(options: RestoreAsJobOptions): Promise<RestoredBackup> {
  const { job, actor } = options;
  const { knex } = job.database;
  const order: JobOrder = { ...job, jobType: 'restore', runId: uuidV7(), jobId: uuidV7() };
  await reapDeadRuns(knex);
  const record = async (trx: Knex.Transaction, restored: RestoredBackup): Promise<void> => {
    // What ran while the backup was made, the backup itself at least, does not run here.
    await reapDeadRuns(trx);
    await failOpenExportJobs(trx, 'it ran while the backup was made that this database was restored from');
    await startJob(trx, order);
    const entry = { resource_type: 'backup', resource_id: order.jobId, actor };
    await insertAuditLog(trx, { ...entry, action: 'backup_restored', details: { at: 'start', path: restored.path } });
    if (restored.replaced_rows > 0)
      await insertAuditLog(trx, { ...entry, action: 'data_cleared', details: { rows: restored.replaced_rows } });
    await insertAuditLog(trx, { ...entry, action: 'backup_restored', details: { at: 'end', ...restored } });
    await finishJob(trx, order, { exitCode: EXIT.ok, summary: restored });
  };
  try {
    return await restoreBackup(job.database, { ...options, signal: job.signal, appVersion: job.version, record });
  } catch (error) {
    if (!options.dryRun) await recordFailure(knex, { order, actor, path: options.path, error }).catch(() => undefined);
    throw error;
  }
}

type Failure = { order: JobOrder; actor: string; path: string; error: unknown };

async function recordFailure(knex: Knex, { order, actor, path, error }: Failure): Promise<void> {
  const { exitCode, message } = toErrorReport(error);
  await knex.transaction(async (trx) => {
    await startJob(trx, order);
    const details = { at: 'end', path, reason: message };
    await insertAuditLog(trx, {
      action: 'backup_restored',
      status: 'failure',
      resource_type: 'backup',
      resource_id: order.jobId,
      actor,
      details,
    });
    await finishJob(trx, order, { exitCode, error });
  });
}
