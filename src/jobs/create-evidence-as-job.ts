import { findHeldEvents } from '../db/models/evidence-holds.ts';
import { findMissingEventIds } from '../db/queries/events.ts';
import { EXIT, type ExitCode } from '../errors/exit-codes.ts';
import { throttled } from '../lib/throttled.ts';
import { noSuchEvent } from '../services/events/review-event.ts';
import { createBundle, type CreateBundleOptions, type WrittenBundle } from '../services/evidence/create-bundle.ts';
import { holdEvents } from '../services/evidence/hold-events.ts';
import { recordExport, type ExportLedger } from '../services/export/export-ledger.ts';
import { runAsJob, type RunAsJobOptions } from './run-as-job.ts';

export type CreateEvidenceOptions = Omit<CreateBundleOptions, 'signal' | 'appVersion' | 'now' | 'beforeRename'> & {
  job: Omit<RunAsJobOptions, 'jobType'>;
  /** Why its events are held from now on, those that are not yet; undefined: they are not. */
  holdReason: string | undefined;
};

const MS_BETWEEN_REPORTS = 1000;

/** Makes a bundle of evidence with the records of a job, an `export_jobs` row and audit entries around it. */
export async function createEvidence(options: CreateEvidenceOptions): Promise<{ written: WrittenBundle; exitCode: ExitCode }> {
  const { job, ids, originals, clips, note, key, actor } = options;
  const { knex } = job.database;
  // A mistyped id is the user's error, not a failed job.
  const unknown = await findMissingEventIds(knex, ids);
  if (unknown.length > 0) throw noSuchEvent(unknown);
  await holdForNow(options, { dryRun: true });
  const { result, exitCode } = await runAsJob({ ...job, jobType: 'export' }, async ({ jobId, signal, progress }) => {
    const filters = { bundle: 'evidence', ids, originals, clips, note: note ?? null, public_key_sha256: key?.publicKey.sha256 ?? null };
    // What is exported is events: that there is more to it than rows the filters say.
    const row = { export_type: 'events', export_format: 'zip' } as const;
    const written = await recordExport(knex, { jobId, type: 'evidence', format: 'zip', filters, row, actor, signal, progress }, (ledger) =>
      writeRecorded(options, { ledger, signal }),
    );
    return { result: written, exitCode: written.missing.length > 0 ? EXIT.someFailed : EXIT.ok, summary: written };
  });
  return { written: result, exitCode };
}

async function writeRecorded(
  options: CreateEvidenceOptions,
  { ledger, signal }: { ledger: ExportLedger; signal: AbortSignal },
): Promise<WrittenBundle> {
  const { job, ids } = options;
  await ledger.counted(ids.length);
  const report = throttled(MS_BETWEEN_REPORTS, (percent: number, step: string) => {
    void ledger.advance({ done: 0, percent, step }).catch(() => undefined);
  });
  const written = await createBundle(job.database.knex, {
    ...options,
    signal,
    appVersion: job.version,
    now: () => new Date(),
    onProgress: (made) => {
      options.onProgress(made);
      report(made.percent, made.step);
    },
    beforeRename: () => holdForNow(options, { dryRun: false }),
  });
  const { path, bytes, sha256 } = written;
  await ledger.complete({ rows: ids.length, path, bytes, sha256 });
  return written;
}

/** Beforehand as a trial, so that a bad reason is told before gigabytes are copied. */
async function holdForNow({ job, ids, holdReason, actor }: CreateEvidenceOptions, { dryRun }: { dryRun: boolean }): Promise<void> {
  if (holdReason === undefined) return;
  const { knex } = job.database;
  const held = new Set(await findHeldEvents(knex, ids));
  const free = ids.filter((id) => !held.has(id));
  await holdEvents(knex, { ids: free, reason: holdReason, until: undefined, actor, dryRun });
}
