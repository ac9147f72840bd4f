import type { Knex } from 'knex';

import type { Database } from '../../db/database.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { findHeldEventsOfCamera } from '../../db/models/evidence-holds.ts';
import { deleteCameraRow, deleteDetectionSlice } from '../../db/models/camera-deletion.ts';
import { deleteEventsOfCamera } from '../../db/models/event-deletion.ts';
import { findEntitiesSeen, settleEntities } from '../../db/models/identity-links.ts';
import { findCamera, type CameraRow } from '../../db/models/cameras.ts';
import { countCameraRows } from '../../db/queries/camera-contents.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import { listDetectionPartitions } from '../../db/queries/partitions.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { refuseHeld } from '../evidence/refuse-held.ts';
import { noSuchCamera } from '../lists/match-names.ts';
import { removeClips } from '../clips/remove-clips.ts';
import { holdCameras } from './hold-cameras.ts';

export type DeleteCameraOptions = {
  id: string;
  actor: string;
  /** Count only. */
  dryRun: boolean;
  confirmed: boolean;
  /** Between two slices the work can stop; the camera is still there then, with what is left of it. */
  signal: AbortSignal;
};

/** Rows of each table that went with the camera, or would go. */
export type CameraDeletion = { camera: string; rows: Record<string, number> };

const SLICE_ROWS = 10_000;

/**
 * Deletes a camera with everything known of its footage; the footage itself is not touched. Logs, the audit log and results of
 * experiments stay. Throws UsageError without confirmation or while one of its events is held as evidence, LockedError while a run works on it.
 */
export async function deleteCamera(database: Database, options: DeleteCameraOptions): Promise<CameraDeletion> {
  const { knex } = database;
  const camera = await requireCamera(knex, options.id);
  const deletion = { camera: camera.id, rows: await countCameraRows(knex, camera.id) };
  await refuseEvidence(knex, camera);
  if (options.dryRun) return deletion;
  if (!options.confirmed) throw notConfirmed(deletion);
  return holdCameras(database, [camera], async () => {
    await refuseEvidence(knex, camera);
    const rows = await countCameraRows(knex, camera.id);
    await knex.transaction((trx) => record(trx, camera, { actor: options.actor, rows }));
    await deleteDetections(knex, camera.id, options.signal);
    await removeClips(await knex.transaction((trx) => deleteRows(trx, camera.id)));
    return { camera: camera.id, rows };
  });
}

async function deleteRows(trx: Knex.Transaction, cameraId: string): Promise<string[]> {
  const clips = await deleteEventsOfCamera(trx, cameraId);
  await deleteCameraRow(trx, cameraId);
  return clips;
}

async function refuseEvidence(knex: Knex, { id }: CameraRow): Promise<void> {
  refuseHeld(await findHeldEventsOfCamera(knex, id), `camera ${id} has`);
}

/** Throws a usage error that names the cameras there are. */
export async function requireCamera(knex: Knex, id: string): Promise<CameraRow> {
  const camera = await findCamera(knex, id);
  if (camera === undefined) throw noSuchCamera(id, await listCameraNames(knex));
  return camera;
}

/** Month by month in small transactions, so that nobody waits long. Entities are told what they lost, also when the work is stopped. */
async function deleteDetections(knex: Knex, cameraId: string, signal: AbortSignal): Promise<void> {
  for (const { from, until, is_empty: isEmpty } of await listDetectionPartitions(knex)) {
    if (isEmpty) continue;
    const entityIds = await findEntitiesSeen(knex, { cameraId, from, until });
    try {
      await deleteMonth(knex, { cameraId, from, until }, signal);
    } finally {
      await knex.transaction((trx) => settleEntities(trx, entityIds));
    }
  }
}

async function deleteMonth(knex: Knex, place: { cameraId: string; from: Date; until: Date }, signal: AbortSignal): Promise<void> {
  for (let deleted = SLICE_ROWS; deleted === SLICE_ROWS;) {
    signal.throwIfAborted();
    deleted = await deleteDetectionSlice(knex, { ...place, limit: SLICE_ROWS });
  }
}

type RecordOptions = { actor: string; rows: Record<string, number> };

async function record(trx: Knex.Transaction, camera: CameraRow, { actor, rows }: RecordOptions): Promise<void> {
  const { id, name, folder_path, folders } = camera;
  const details = { name, folder_path, folders, rows };
  await insertAuditLog(trx, { action: 'camera_deleted', resource_type: 'camera', resource_id: id, actor, details });
}

function notConfirmed({ camera, rows }: CameraDeletion): UsageError {
  const what = Object.entries(rows).map(([table, count]) => `${String(count)} ${table}`);
  return new UsageError(`deleting camera ${camera} deletes ${what.length === 0 ? 'it' : `its ${what.join(', ')}`} for good`, {
    code: 'not_confirmed',
    hint: 'give --yes to do it; the footage itself is not touched',
  });
}
