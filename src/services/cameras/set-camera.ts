import type { Knex } from 'knex';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { findCamera, updateCamera, type CameraPatch, type CameraRow } from '../../db/models/cameras.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { changedColumns, type ColumnChange } from '../lists/changed-columns.ts';
import { noSuchCamera } from '../lists/match-names.ts';
import { toCameraPatch, type CameraChanges } from './camera-changes.ts';
import { inTransaction } from '../lists/in-transaction.ts';

export type SetCameraOptions = { id: string; changes: CameraChanges; actor: string; dryRun: boolean };

const UNIQUE_VIOLATION = '23505';

/** Changes a camera and returns what really changed; nothing is written when nothing did. */
export async function setCamera(knex: Knex, options: SetCameraOptions): Promise<ColumnChange[]> {
  const { id, changes, actor, dryRun } = options;
  if (Object.values(changes).every((value) => value === undefined)) {
    throw new UsageError('nothing says what to change', { hint: 'give --name, --timezone, --folder or another flag' });
  }
  return inTransaction(knex, { dryRun }, async (trx) => {
    const camera = await findCamera(trx, id);
    if (!camera) throw noSuchCamera(id, await listCameraNames(trx));
    const patch = withFolder(await toCameraPatch(trx, changes, actor), camera, changes.folder);
    const changed = changedColumns(camera, patch);
    if (changed.length === 0) return [];
    await updateCamera(trx, id, patch).catch((error: unknown) => {
      throw isUniqueViolation(error) ? nameTaken(changes) : error;
    });
    const details = { changes: changed };
    await insertAuditLog(trx, { action: 'camera_updated', resource_type: 'camera', resource_id: id, actor, details });
    return changed;
  });
}

function withFolder(patch: CameraPatch, camera: CameraRow, folder: string | undefined): CameraPatch {
  if (folder === undefined || folder === camera.folder_path || camera.folders.includes(folder)) return patch;
  return { ...patch, folders: [...camera.folders, folder] };
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
}

function nameTaken(changes: CameraChanges): UsageError {
  return new UsageError(`another camera is called ${JSON.stringify(changes.name)} already`, { code: 'camera_conflict' });
}
