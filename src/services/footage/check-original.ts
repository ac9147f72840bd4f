import { dirname } from 'node:path';

import type { MediaFileRow } from '../../db/models/media-files.ts';
import { fingerprint } from '../../media/fingerprint.ts';
import { footageStats } from '../../media/footage-stats.ts';
import { contentChanged, MediaError } from '../../media/media-error.ts';
import { withMedia } from '../../media/open-media.ts';

type Original = Pick<MediaFileRow, 'path' | 'size_bytes' | 'modified_at' | 'content_sha256'>;

/**
 * The file is still the one that was ingested: by size and time, and by its sha256 with `verify` or where the time differs.
 * Throws MediaError `vanished`.
 */
export async function checkOriginal(file: Original, { verify, signal }: { verify: boolean; signal: AbortSignal }): Promise<void> {
  const found = await footageStats(file.path);
  if (found === undefined) throw new MediaError('vanished', 'is not there any more');
  if (found.sizeBytes !== file.size_bytes) throw contentChanged();
  // The ledger keeps milliseconds, the file system may keep more.
  const sameTime = Math.abs(found.modifiedAtMs - file.modified_at.getTime()) < 1000;
  if (sameTime && !verify) return;
  const { sha256 } = await withMedia({ path: file.path, root: dirname(file.path) }, (handle) => fingerprint(handle, { signal }));
  if (sha256 !== file.content_sha256) throw contentChanged();
}
