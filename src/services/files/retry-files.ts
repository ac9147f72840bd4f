import type { Knex } from 'knex';
import { retryFiles as markForRetry } from '../../db/queries/media-files.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { resolveScope } from '../lists/resolve-scope.ts';
import { findFileIds } from './find-file-ids.ts';

export type RetryFilesOptions = {
  /** Ledger ids or paths. */
  files: readonly string[];
  codes?: readonly string[] | undefined;
  cameras?: readonly string[] | undefined;
  /** Every failed or partial file. */
  all: boolean;
  /** Count only. */
  dryRun: boolean;
};

/** Gives failed and partial files to the next ingest; returns how many. Files that are neither are left alone. */
export async function retryFiles(knex: Knex, options: RetryFilesOptions): Promise<number> {
  const { files, codes, cameras, all } = options;
  if (!all && files.length === 0 && codes === undefined && cameras === undefined) {
    throw new UsageError('nothing says which files to retry', { hint: 'give ids or paths, --code, --camera, or --all' });
  }
  const { cameraIds } = await resolveScope(knex, { cameras }, { cameras: {} });
  const ids = files.length === 0 ? undefined : await findFileIds(knex, files);
  return inTransaction(knex, { dryRun: options.dryRun }, (trx) => markForRetry(trx, { ids, codes, cameraIds }));
}
