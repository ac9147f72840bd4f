import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import { acknowledgeSceneChange, lockSceneChange, type SceneChangeRow } from '../../db/models/scene-changes.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { acceptView } from './accept-view.ts';
import { noSuchSceneChange } from './show-scene-change.ts';

export type AcknowledgeOptions = { ids: readonly number[]; keepReference: boolean; actor: string; dryRun: boolean };

/** `reference`: what the next looks are compared with. */
export type Acknowledged = {
  id: number;
  camera_id: string;
  mode: string | null;
  change_type: string;
  reference: 'replaced' | 'kept';
  reference_taken_at: Date | null;
};

/**
 * Somebody has seen these changes. Where the view is still changed it is right as it is from now on, unless the reference is to stay.
 * Returns those that were not acknowledged before; an unknown id is told before anything is written.
 */
export async function acknowledgeChanges(knex: Knex, options: AcknowledgeOptions): Promise<Acknowledged[]> {
  return inTransaction(knex, options, async (trx) => {
    const done: Acknowledged[] = [];
    for (const id of [...new Set(options.ids)].sort((a, b) => a - b)) done.push(...(await acknowledge(trx, id, options)));
    return done;
  });
}

async function acknowledge(trx: Knex.Transaction, id: number, { keepReference, actor }: AcknowledgeOptions): Promise<Acknowledged[]> {
  const camera = await trx<SceneChangeRow>('scene_changes').where({ id }).first();
  if (camera) await lockCameraDerivation(trx, camera.camera_id);
  const change = await lockSceneChange(trx, id);
  if (!change) throw noSuchSceneChange(id);
  if (change.acknowledged) return [];
  await acknowledgeSceneChange(trx, id);
  const accepted = await settle(trx, change, keepReference);
  const { camera_id: cameraId, mode, change_type: type } = change;
  const reference = accepted?.takenAt ? 'replaced' : 'kept';
  const details = { act: 'scene_acknowledged', camera_id: cameraId, change_type: type, detected_at: change.detected_at, reference };
  await insertAuditLog(trx, { action: 'settings_changed', resource_type: 'scene_change', resource_id: String(id), actor, details });
  return [{ id, camera_id: cameraId, mode, change_type: type, reference, reference_taken_at: accepted?.takenAt ?? null }];
}

/** A change that is over needs no new reference: the view is as it was. */
async function settle(trx: Knex.Transaction, change: SceneChangeRow, keepReference: boolean): ReturnType<typeof acceptView> {
  if (change.ended_at !== null) return undefined;
  const options = { cameraId: change.camera_id, mode: change.mode ?? 'day', origin: 'ack' } as const;
  const accepted = await acceptView(trx, { ...options, keepReference });
  return accepted ?? acceptView(trx, { ...options, keepReference: true });
}
