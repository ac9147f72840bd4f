import { deleteEventRows, lockExpiredEvents } from '../../db/models/prune-footage.ts';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import type { CameraLimit } from '../../db/queries/retention/limits.ts';
import { removeClips } from '../clips/remove-clips.ts';
import { BATCH_ROWS, type PruneWork } from './prune-work.ts';

/** Removes events over age with all that is about them, but for those that somebody wants kept; then their clips. */
export async function pruneEvents(work: PruneWork, limits: readonly CameraLimit[]): Promise<void> {
  for (const limit of limits) {
    for (let found = BATCH_ROWS; found === BATCH_ROWS && !work.signal.aborted;) found = await pruneBatch(work, limit);
  }
}

async function pruneBatch({ knex, onRemoved }: PruneWork, limit: CameraLimit): Promise<number> {
  const { found, ids, clips } = await knex.transaction(async (trx) => {
    await lockCameraDerivation(trx, limit.cameraId);
    const locked = await lockExpiredEvents(trx, limit, BATCH_ROWS);
    return { ...locked, clips: await deleteEventRows(trx, locked.ids) };
  });
  onRemoved('events', ids.length);
  onRemoved('clips', await removeClips(clips));
  return found;
}
