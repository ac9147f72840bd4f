import type { Knex } from 'knex';

import { deleteActivityBaselines } from '../../db/models/activity-baselines.ts';
import { deleteActivityHours } from '../../db/models/activity-hours.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { deleteBaselineState } from '../../db/models/baseline-states.ts';
import { deleteClassBaselines } from '../../db/models/class-baselines.ts';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { findBaselineCameras } from './baseline-camera.ts';

export type ResetOptions = { cameras?: readonly string[] | undefined; actor: string; dryRun: boolean; zones: ZoneSettings };

/** Rows that went, or would go. */
export type ResetRecord = { camera_id: string; activity_hours: number; activity_baselines: number; class_baselines: number };

/** Forgets what is usual at cameras. Scores of events stay. Footage that comes later, or a rebuild, computes it again. */
export async function resetBaselines(knex: Knex, { cameras, actor, dryRun, zones }: ResetOptions): Promise<ResetRecord[]> {
  const chosen = await findBaselineCameras(knex, zones, cameras);
  return inTransaction(knex, { dryRun }, async (trx) => {
    const records: ResetRecord[] = [];
    for (const { id } of chosen) {
      await lockCameraDerivation(trx, id);
      const counts = {
        activity_hours: await deleteActivityHours(trx, id),
        activity_baselines: await deleteActivityBaselines(trx, id),
        class_baselines: await deleteClassBaselines(trx, id),
      };
      const wasComputed = await deleteBaselineState(trx, id);
      if (!wasComputed && Object.values(counts).every((count) => count === 0)) continue;
      await insertAuditLog(trx, { action: 'data_cleared', resource_type: 'baselines', resource_id: id, actor, details: counts });
      records.push({ camera_id: id, ...counts });
    }
    return records;
  });
}
