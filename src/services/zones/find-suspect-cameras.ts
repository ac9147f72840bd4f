import type { Knex } from 'knex';
import { listSceneChanges, type SceneChangeRow } from '../../db/models/scene-changes.ts';
import { areZonesSuspect } from '../../domain/zones/zone-hits.ts';

/** Cameras whose view has changed without anybody having said so: their zones may lie elsewhere. */
export async function findSuspectCameras(knex: Knex, cameraIds?: readonly string[]): Promise<Set<string>> {
  const filters = { acknowledged: false, ...(cameraIds === undefined ? {} : { cameraIds }) };
  const open = await listSceneChanges(knex, { filters });
  return new Set(open.filter(makesSuspect).map((change) => change.camera_id));
}

function makesSuspect({ change_type: changeType, acknowledged }: SceneChangeRow): boolean {
  return areZonesSuspect([{ changeType, acknowledged }]);
}
