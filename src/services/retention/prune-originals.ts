import { dirname } from 'node:path';
import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { findUnusedOriginals, markOriginalRemoved, type Original, type OriginalsQuery } from '../../db/queries/retention/originals.ts';
import { isObjectUri } from '../../domain/object-uri.ts';
import { findMarkedRoot, ROOT_MARKER } from '../../media/marked-root.ts';
import { MediaError } from '../../media/media-error.ts';
import { withKnownMedia } from '../../media/remove-media.ts';
import type { PruneWork } from './prune-work.ts';

export type OriginalsWork = PruneWork & {
  actor: string;
  /** An original that could not be removed, and why. */
  onProblem: (line: string) => void;
};

export type RemovedOriginals = { bytes: number; failed: number };

export const MARKER_HINT = `make the file ${ROOT_MARKER} in the top folder of the footage once, while its disk is mounted: touch FOLDER/${ROOT_MARKER}`;

const PAGE = 200;

/** Originals that may go, in pages: the disk is looked at while no query waits. */
export async function* unusedOriginals(knex: Knex, query: OriginalsQuery): AsyncGenerator<Original> {
  for (let afterId = 0; ;) {
    const page = await findUnusedOriginals(knex, query, { afterId, limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    afterId = last.id;
  }
}

/** Removes files from the disk that are over age and that no event needs; each is compared with the ledger by its content just before. */
export async function pruneOriginals(work: OriginalsWork, query: OriginalsQuery): Promise<RemovedOriginals> {
  const removed = { bytes: 0, failed: 0 };
  const onProblem = onceInARow(work.onProblem);
  const isStopped = (): boolean => work.signal.aborted;
  for await (const original of unusedOriginals(work.knex, query)) {
    if (isStopped()) break;
    try {
      await removeOriginal(work, original);
      removed.bytes += original.size_bytes;
      work.onRemoved('originals', 1);
    } catch (error) {
      if (isStopped()) break;
      if (!(error instanceof MediaError)) throw error;
      removed.failed += 1;
      onProblem(error instanceof UnmarkedError ? error.message : `${JSON.stringify(original.path)} ${error.message}`);
    }
  }
  return removed;
}

/** Thousands of files may lie in a folder that is not there. */
function onceInARow(say: (line: string) => void): (line: string) => void {
  let last: string | undefined;
  return (line) => {
    if (line !== last) say(line);
    last = line;
  };
}

class UnmarkedError extends MediaError {
  constructor(text: string) {
    super('unreadable', text);
  }
}

function unmarkedText(folder: string): string {
  return `originals in ${JSON.stringify(folder)} stay: neither it nor a folder above has a readable ${ROOT_MARKER}`;
}

/** The rows are written first and come into force when the file is gone. */
async function removeOriginal({ knex, signal, actor }: OriginalsWork, original: Original): Promise<void> {
  const { id, path, content_sha256: sha256, size_bytes: bytes, camera_id: camera } = original;
  const root = await findMarkedRoot(path);
  if (isObjectUri(path)) throw new UnmarkedError('originals in object storage stay: hs removes nothing there');
  if (root === undefined) throw new UnmarkedError(unmarkedText(dirname(path)));
  await withKnownMedia({ path, root, sha256 }, signal, (remove) =>
    knex.transaction(async (trx) => {
      await markOriginalRemoved(trx, id);
      const details = { reason: 'retention', path, sha256, bytes, camera_id: camera };
      await insertAuditLog(trx, { action: 'data_cleared', resource_type: 'media_file', resource_id: String(id), actor, details });
      await remove();
    }),
  );
}
