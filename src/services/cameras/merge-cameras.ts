import type { Knex } from 'knex';

import type { Database } from '../../db/database.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { deleteCameraRow } from '../../db/models/camera-deletion.ts';
import { advanceLastSeen, updateCamera, type CameraRow } from '../../db/models/cameras.ts';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import { lockHeldEventsSeenIn } from '../../db/models/evidence-holds.ts';
import { findFilesSeenTwice, moveCameraRows, type CameraPair, type MergedRows } from '../../db/models/merge-cameras.ts';
import { countCameraRows } from '../../db/queries/camera-contents.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { refuseHeld } from '../evidence/refuse-held.ts';
import { deriveChanged, type DeriveSettings } from '../ingest/derive-changed.ts';
import { requireCamera } from './delete-camera.ts';
import { holdCameras } from './hold-cameras.ts';

export type MergeCamerasOptions = {
  from: string;
  into: string;
  actor: string;
  /** Count only. */
  dryRun: boolean;
  confirmed: boolean;
  settings: DeriveSettings;
};

export type CameraMerge = MergedRows & { from: string; into: string; folders: string[] };

/**
 * Makes two folder names of one physical camera one camera: everything of `from` is kept under `into`, whose footage folders from
 * now on include those of `from`. Tracks and events are derived again where footage moved; an interrupted one is finished by the next
 * ingest. Throws UsageError without confirmation or where a held event would lose detections, LockedError while a run works on one of them.
 */
export async function mergeCameras(database: Database, options: MergeCamerasOptions): Promise<CameraMerge> {
  const { knex } = database;
  const from = await requireCamera(knex, options.from);
  const into = await requireCamera(knex, options.into);
  if (from.id === into.id) throw new UsageError('a camera cannot be merged into itself');
  const folders = foldersAfter(from, into);
  await knex.transaction((trx) => refuseEvidence(trx, { from: from.id, into: into.id }));
  if (options.dryRun) return { from: from.id, into: into.id, folders, moved: await countCameraRows(knex, from.id), dropped: {} };
  if (!options.confirmed) {
    throw new UsageError(`merging camera ${from.id} into ${into.id} cannot be taken back`, {
      code: 'not_confirmed',
      hint: 'give --yes to do it, or --dry-run to see what would move',
    });
  }
  return holdCameras(database, [from, into], async () => {
    const rows = await knex.transaction((trx) => merge(trx, { from, into, folders, actor: options.actor }));
    await deriveChanged(knex, options.settings, { detections: Object.values(rows.moved).reduce((sum, count) => sum + count, 0) });
    return { from: from.id, into: into.id, folders, ...rows };
  });
}

/** Files that both cameras have keep the detections of one: a held event must not lose those of the other. */
async function refuseEvidence(trx: Knex.Transaction, pair: CameraPair): Promise<void> {
  const held = await lockHeldEventsSeenIn(trx, await findFilesSeenTwice(trx, pair));
  refuseHeld(held, `cameras ${pair.from} and ${pair.into} have the same files, and those of ${pair.from} show`);
}

/** Further folders of the camera that stays. */
function foldersAfter(from: CameraRow, into: CameraRow): string[] {
  const folders = new Set([...into.folders, from.folder_path, ...from.folders]);
  folders.delete(into.folder_path);
  return [...folders];
}

type Merge = { from: CameraRow; into: CameraRow; folders: string[]; actor: string };

async function merge(trx: Knex.Transaction, { from, into, folders, actor }: Merge): Promise<MergedRows> {
  for (const id of [from.id, into.id].sort()) await lockCameraDerivation(trx, id);
  await refuseEvidence(trx, { from: from.id, into: into.id });
  const rows = await moveCameraRows(trx, { from: from.id, into: into.id });
  await updateCamera(trx, into.id, { folders });
  if (from.last_seen_at !== null) await advanceLastSeen(trx, into.id, from.last_seen_at);
  await deleteCameraRow(trx, from.id);
  const act = { resource_type: 'camera', actor };
  await insertAuditLog(trx, { ...act, action: 'camera_updated', resource_id: into.id, details: { merged: from.id, folders, ...rows } });
  await insertAuditLog(trx, {
    ...act,
    action: 'camera_deleted',
    resource_id: from.id,
    details: { merged_into: into.id, name: from.name, folder_path: from.folder_path },
  });
  return rows;
}
