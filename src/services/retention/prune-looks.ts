import type { Knex } from 'knex';

import { lockCameraDerivation } from '../../db/models/derivation.ts';
import { findSceneCheckpoint } from '../../db/models/scene-checkpoints.ts';
import { countExpiredLooks, countLooks, deleteExpiredLooks } from '../../db/queries/retention/expired-looks.ts';
import type { CameraLimit } from '../../db/queries/retention/limits.ts';
import type { PruneWork } from './prune-work.ts';

export type LookCount = { rows: number; over_age: number };

export async function countOldLooks(knex: Knex, limits: readonly CameraLimit[]): Promise<LookCount> {
  const count = { rows: await countLooks(knex), over_age: 0 };
  for (const camera of await findExpired(knex, limits)) count.over_age += (await countExpiredLooks(knex, camera)).looks;
  return count;
}

/**
 * Removes what was measured of views and is over age. Of each camera everything stays from the last checkpoint before the limit on, as
 * that holds the references and the open change of then; changes that were found stay with their pictures. A camera is one
 * transaction: between half of its looks and its checkpoint nothing could be judged again.
 */
export async function pruneLooks({ knex, signal, onRemoved }: PruneWork, limits: readonly CameraLimit[]): Promise<void> {
  for (const camera of await findExpired(knex, limits)) {
    if (signal.aborted) return;
    const { looks } = await knex.transaction(async (trx) => {
      await lockCameraDerivation(trx, camera.cameraId);
      return deleteExpiredLooks(trx, camera);
    });
    onRemoved('scene_checks', looks);
  }
}

async function findExpired(knex: Knex, limits: readonly CameraLimit[]): Promise<CameraLimit[]> {
  const expired: CameraLimit[] = [];
  for (const { cameraId, before } of limits) {
    const checkpoint = await findSceneCheckpoint(knex, { cameraId, before });
    if (checkpoint) expired.push({ cameraId, before: checkpoint.reached_at });
  }
  return expired;
}
