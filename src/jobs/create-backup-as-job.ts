import { insertAuditLog, type NewAuditLog } from '../db/models/audit-logs.ts';
import { completeExportJob, failExportJob, insertExportJob, saveExportProgress, startExportJob } from '../db/models/export-jobs.ts';
import { EXIT } from '../errors/exit-codes.ts';
import { throttled } from '../lib/throttled.ts';
import { writeBackup, type WriteBackupOptions, type WrittenBackup } from '../services/backup/create-backup.ts';
import { runAsJob, type RunAsJobOptions } from './run-as-job.ts';

export type CreateBackupOptions = {
  job: Omit<RunAsJobOptions, 'jobType'>;
  path: string;
  actor: string;
  onProgress?: (percent: number, step: string) => void;
};

type Progress = Parameters<WriteBackupOptions['onProgress']>[0];

const MS_BETWEEN_REPORTS = 1000;

/** Writes a backup with the records of a job, an `export_jobs` row and audit entries around it. */
export async function createBackup({ job, path, actor, onProgress }: CreateBackupOptions): Promise<WrittenBackup> {
  const { knex } = job.database;
  const { result } = await runAsJob({ ...job, jobType: 'backup' }, async ({ jobId, signal, progress }) => {
    const audit = (entry: Pick<NewAuditLog, 'action' | 'details' | 'status'>): Promise<void> =>
      insertAuditLog(knex, { resource_type: 'backup', resource_id: jobId, actor, ...entry });
    await insertExportJob(knex, { id: jobId, export_type: 'full_backup', export_format: 'zip' });
    await startExportJob(knex, jobId);
    await audit({ action: 'backup_created', details: { at: 'start', path } });
    const save = throttled(MS_BETWEEN_REPORTS, ({ done, percent, step }: Progress) => {
      void saveExportProgress(knex, jobId, { processedItems: done, percent, step }).catch(() => undefined);
    });
    const report = (made: Progress): void => {
      progress(made.percent, made.step);
      onProgress?.(made.percent, made.step);
      save(made);
    };
    try {
      const written = await writeBackup(knex, { path, appVersion: job.version, signal, now: () => new Date(), onProgress: report });
      await completeExportJob(knex, jobId, { outputPath: path, sizeBytes: written.bytes, items: written.rows });
      await audit({ action: 'media_exported', details: { type: 'full_backup', ...written } });
      await audit({ action: 'backup_created', details: { at: 'end', ...written } });
      return { result: written, exitCode: EXIT.ok, summary: written };
    } catch (error) {
      const reason = signal.aborted ? 'cancelled' : error instanceof Error ? error.message : String(error);
      await failExportJob(knex, jobId, reason).catch(() => undefined);
      await audit({ action: 'backup_created', status: 'failure', details: { at: 'end', path, reason } }).catch(() => undefined);
      throw error;
    }
  });
  return result;
}
