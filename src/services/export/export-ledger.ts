import type { Knex } from 'knex';
import { readDatabaseClock } from '../../db/database-clock.ts';
import { insertAuditLog, type NewAuditLog } from '../../db/models/audit-logs.ts';
import {
  completeExportJob,
  failExportJob,
  insertExportJob,
  saveExportProgress,
  startExportJob,
  type NewExportJob,
} from '../../db/models/export-jobs.ts';
import { saveExportTotal } from '../../db/queries/export-total.ts';
import { EXPORT_PERCENT } from './export-progress.ts';

/** Tells the job that runs the export, in percent, what it is at. */
export type ReportProgress = (percent: number, step?: string) => void;

type ExportLedgerOptions = {
  jobId: string;
  type: string;
  format: string;
  filters: Readonly<Record<string, unknown>>;
  actor: string;
  progress: ReportProgress;
};

type Advance = { done: number; percent: number; step: string; remainingMs?: number };
type Outcome = { rows: number; path: string | null; bytes: number; sha256: string };

/** What the database is told about one export: its row, and the audit entry at the end. */
export type ExportLedger = {
  start(): Promise<void>;
  counted(total: number): Promise<void>;
  advance(advance: Advance): Promise<void>;
  complete(outcome: Outcome): Promise<void>;
  fail(reason: string): Promise<void>;
};

type RecordExportOptions = ExportLedgerOptions & {
  row: Pick<NewExportJob, 'export_type' | 'export_format'>;
  signal: AbortSignal;
};

/** Writes an export with an `export_jobs` row moving beside it. Where it fails the row and the audit log say why. */
export async function recordExport<Result>(
  knex: Knex,
  options: RecordExportOptions,
  write: (ledger: ExportLedger) => Promise<Result>,
): Promise<Result> {
  const { jobId: id, row, filters, signal } = options;
  await insertExportJob(knex, { id, ...row, filters });
  const ledger = createExportLedger(knex, options);
  try {
    await ledger.start();
    return await write(ledger);
  } catch (error) {
    // The reason is what counts, also when the database is the reason.
    await ledger.fail(signal.aborted ? 'cancelled' : errorText(error)).catch(() => undefined);
    throw error;
  }
}

function createExportLedger(knex: Knex, options: ExportLedgerOptions): ExportLedger {
  const { jobId, type, format, filters, actor, progress } = options;
  const audit = (entry: Pick<NewAuditLog, 'status' | 'details'>): NewAuditLog => ({
    action: 'media_exported',
    resource_type: 'export',
    resource_id: jobId,
    actor,
    ...entry,
  });
  const advance = async ({ done, percent, step, remainingMs }: Advance): Promise<void> => {
    progress(percent, step);
    const estimate = remainingMs === undefined ? {} : { estimatedCompletion: await inMs(knex, remainingMs) };
    await saveExportProgress(knex, jobId, { processedItems: done, percent, step, ...estimate });
  };
  return {
    start: async () => {
      progress(0, 'counting');
      await startExportJob(knex, jobId);
    },
    counted: async (total) => {
      await saveExportTotal(knex, jobId, total);
      await advance({ done: 0, percent: EXPORT_PERCENT.counted, step: 'counted' });
    },
    advance,
    complete: async ({ rows, path, bytes, sha256 }) => {
      await knex.transaction(async (trx) => {
        await completeExportJob(trx, jobId, { outputPath: path, sizeBytes: bytes, items: rows });
        await insertAuditLog(trx, audit({ status: 'success', details: { type, format, filters, rows, path, bytes, sha256 } }));
      });
    },
    fail: async (reason) => {
      await failExportJob(knex, jobId, reason);
      await insertAuditLog(knex, audit({ status: 'failure', details: { type, format, filters, reason } }));
    },
  };
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function inMs(knex: Knex, remainingMs: number): Promise<Date> {
  return new Date((await readDatabaseClock(knex)).getTime() + Math.round(remainingMs));
}
