import { insertAuditLog } from '../../../db/models/audit-logs.ts';
import { deleteFileParts } from '../../../db/models/media-file-parts.ts';
import { removeEarlierDetections } from '../../../db/models/media-files-finish.ts';
import type { MediaFileRow } from '../../../db/models/media-files.ts';
import type { ScanContext } from './scan-context.ts';

/** `--replace`: what an earlier file at the same path had shown goes, its row stays and says why. */
export async function replaceSuperseded(context: ScanContext, row: MediaFileRow): Promise<void> {
  if (context.request.dryRun) return;
  await context.knex.transaction(async (trx) => {
    await removeEarlierDetections(trx, [row.id]);
    await deleteFileParts(trx, [row.id]);
    await trx('media_files')
      .where({ id: row.id })
      .whereNotNull('processed_at')
      .update({
        derive_from: trx.raw('least(derive_from, captured_at)'),
        derive_until: trx.raw('greatest(derive_until, ended_at)'),
      });
    await trx('media_files').where({ id: row.id }).update({
      status: 'skipped',
      failure_code: 'superseded',
      failure_message: 'other content is at this path now (--replace)',
      next_retry_at: null,
    });
    await insertAuditLog(trx, {
      action: 'data_cleared',
      resource_type: 'media_file',
      resource_id: String(row.id),
      actor: context.request.actor,
      details: { path: row.path, reason: 'replaced by newer content' },
    });
  });
}
