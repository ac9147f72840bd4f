import type { Knex } from 'knex';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { findCamera, insertCamera, listCameras, type CameraRow, type NewCamera } from '../../db/models/cameras.ts';
import { normalizeCameraId } from '../../domain/camera-id.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { toCameraPatch, type CameraChanges } from './camera-changes.ts';
import { inTransaction } from '../lists/in-transaction.ts';

export type AddCameraOptions = {
  /** Name of its footage folder; the id is made from it. */
  folderName: string;
  changes: CameraChanges;
  actor: string;
  /** Everything is checked, nothing is kept. */
  dryRun: boolean;
};

/** Adds a camera before its first footage. Throws a usage error for a name without letters, a taken one, and a missing zone. */
export async function addCamera(knex: Knex, options: AddCameraOptions): Promise<NewCamera> {
  const { folderName, changes, actor, dryRun } = options;
  const id = normalizeCameraId(folderName);
  if (id === '') throw new UsageError(`no camera id can be made from ${JSON.stringify(folderName)}`, { code: 'camera_unknown' });
  if (changes.timezone === undefined && changes.property === undefined) {
    throw new UsageError(`camera ${id} needs a time zone`, { hint: 'give --timezone ZONE, or --property NAME of a site that has one' });
  }
  return inTransaction(knex, { dryRun }, async (trx) => {
    const camera = { id, name: folderName, folder_path: changes.folder ?? folderName, ...(await toCameraPatch(trx, changes, actor)) };
    if (!(await insertCamera(trx, camera))) throw taken(camera, await listCameras(trx));
    await insertAuditLog(trx, { action: 'camera_created', resource_type: 'camera', resource_id: id, actor, details: { ...camera } });
    return (await findCamera(trx, id)) ?? camera;
  });
}

function taken(camera: NewCamera, cameras: readonly CameraRow[]): UsageError {
  const other = cameras.find(
    ({ id, name, folder_path: folder }) => id === camera.id || name === camera.name || folder === camera.folder_path,
  );
  const what =
    other?.id === camera.id ? `there is a camera ${camera.id} already` : `camera ${other?.id ?? ''} has that name or folder already`;
  return new UsageError(what, { code: 'camera_conflict', hint: `change it with: hs cameras set ${other?.id ?? camera.id}` });
}
