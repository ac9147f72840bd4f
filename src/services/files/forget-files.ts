import type { Knex } from 'knex';

import type { Database } from '../../db/database.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import { lockHeldEventsSeenIn } from '../../db/models/evidence-holds.ts';
import { findFileAtWork, forgetFileRows, lockLedgerFiles, type ForgottenRows, type LedgerFile } from '../../db/models/forget-files.ts';
import { LockedError, UsageError } from '../../errors/hs-error.ts';
import { removeClips } from '../clips/remove-clips.ts';
import { refuseHeld } from '../evidence/refuse-held.ts';
import { deriveChanged, type DeriveSettings } from '../ingest/derive-changed.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { findFileIds } from './find-file-ids.ts';

export type ForgetFilesOptions = {
  /** Ledger ids or paths. */
  files: readonly string[];
  actor: string;
  /** Everything is tried, nothing is kept. */
  dryRun: boolean;
  confirmed: boolean;
  settings: DeriveSettings;
};

/** Paths in an audit row; the counts say the rest. */
const PATHS_RECORDED = 100;

/**
 * Removes files from the ledger with all that was seen in them, and brings tracks and events of that time up to date. The files
 * themselves are not touched. Throws UsageError without confirmation or where an event seen in them is held as evidence, LockedError while a run works on one of them.
 */
export async function forgetFiles({ knex }: Database, options: ForgetFilesOptions): Promise<ForgottenRows> {
  const { files, dryRun, confirmed } = options;
  if (files.length === 0)
    throw new UsageError('nothing says which files to forget', { hint: 'give ids or paths that `hs files list` shows' });
  if (!dryRun && !confirmed) {
    throw new UsageError('forgetting files deletes what was seen in them', {
      code: 'not_confirmed',
      hint: 'give --yes to do it, or --dry-run',
    });
  }
  const ids = [...new Set(await findFileIds(knex, files))];
  const { rows, clips } = await inTransaction(knex, { dryRun }, (trx) => forget(trx, ids, options));
  if (dryRun) return rows;
  await removeClips(clips);
  await deriveChanged(knex, options.settings, { detections: 0 });
  return rows;
}

async function forget(trx: Knex.Transaction, ids: readonly number[], { actor }: ForgetFilesOptions): ReturnType<typeof forgetFileRows> {
  const rows = await lockLedgerFiles(trx, ids);
  refuseUnknown(ids, rows);
  const busy = await findFileAtWork(trx, rows);
  if (busy)
    throw new LockedError(`a run is working on ${busy.path}`, { hint: 'wait until it ends (hs jobs list shows it), then try again' });
  for (const camera of [...new Set(rows.map((row) => row.camera_id))].sort()) await lockCameraDerivation(trx, camera);
  refuseHeld(await lockHeldEventsSeenIn(trx, ids), 'these files show');
  const forgotten = await forgetFileRows(trx, ids);
  await insertAuditLog(trx, {
    action: 'data_cleared',
    resource_type: 'media_file',
    ...(ids.length === 1 ? { resource_id: String(ids[0]) } : {}),
    actor,
    details: { reason: 'forgotten', paths: rows.slice(0, PATHS_RECORDED).map(({ path }) => path), ...forgotten.rows },
  });
  return forgotten;
}

function refuseUnknown(ids: readonly number[], rows: readonly LedgerFile[]): void {
  const known = new Set(rows.map(({ id }) => id));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown === undefined) return;
  throw new UsageError(`no file of the ledger has the id ${String(unknown)}`, {
    code: 'file_unknown',
    hint: 'give the id or the path that `hs files list` shows',
  });
}
