import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import { endOpenSceneChange } from '../../db/models/scene-changes.ts';
import { SCENE_MODES, type SceneMode } from '../../domain/scene/scene-luma.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { requireCamera } from '../cameras/delete-camera.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { acceptView } from './accept-view.ts';

export type ResetOptions = { cameraId: string; mode?: SceneMode | undefined; actor: string; dryRun: boolean };

export type ResetReference = { camera_id: string; mode: SceneMode; taken_at: Date };

/** The view of a camera is right as it is now: without a finding to acknowledge. One that is open ends here. */
export async function resetReference(knex: Knex, options: ResetOptions): Promise<ResetReference[]> {
  const { id: cameraId } = await requireCamera(knex, options.cameraId);
  return inTransaction(knex, options, async (trx) => {
    await lockCameraDerivation(trx, cameraId);
    const done: ResetReference[] = [];
    for (const mode of options.mode === undefined ? SCENE_MODES : [options.mode]) {
      const accepted = await acceptView(trx, { cameraId, mode, origin: 'reset', keepReference: false });
      if (!accepted?.takenAt) continue;
      await endOpenSceneChange(trx, { cameraId, at: accepted.validFrom });
      done.push({ camera_id: cameraId, mode, taken_at: accepted.takenAt });
    }
    if (done.length === 0) throw neverSeen(cameraId, options.mode);
    const details = { act: 'scene_reference_reset', references: done };
    await insertAuditLog(trx, {
      action: 'settings_changed',
      resource_type: 'camera',
      resource_id: cameraId,
      actor: options.actor,
      details,
    });
    return done;
  });
}

function neverSeen(cameraId: string, mode: SceneMode | undefined): UsageError {
  return new UsageError(`no ${mode === undefined ? '' : `${mode} `}picture of camera ${cameraId} is kept`, {
    code: 'no_reference',
    hint: 'a reference is made from footage: `hs ingest` it first',
  });
}
