import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { findCameraCalibration, markCameraReset } from '../../db/models/camera-calibrations.ts';
import { lockCalibrations, markUserReset } from '../../db/models/user-calibration.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { matchCameras } from '../lists/match-names.ts';
import { learnThresholds } from './learn-thresholds.ts';
import { refreshCalibrations } from './refresh-calibrations.ts';

export type ResetCalibrationOptions = {
  userId: string;
  /** Their offsets instead of the thresholds; `*` and `?` allowed. */
  cameras?: readonly string[] | undefined;
  actor: string;
  dryRun: boolean;
};

/** What learning starts anew for, and how much of it there was. */
export type ResetCalibrationRecord = {
  kind: 'thresholds' | 'camera';
  of: string;
  feedback_left_out: number;
  low: number | null;
  medium: number | null;
  high: number | null;
  risk_offset: number | null;
};

/**
 * Lets learning start anew: feedback that was given stays and counts no longer. Thresholds in force, and with them stored levels, stay
 * until they are applied. Throws a usage error for a camera that does not exist.
 */
export async function resetCalibration(knex: Knex, options: ResetCalibrationOptions): Promise<ResetCalibrationRecord[]> {
  const cameras = options.cameras && matchCameras(await listCameraNames(knex), options.cameras);
  return inTransaction(knex, options, async (trx) => {
    await lockCalibrations(trx);
    if (cameras === undefined) return [await resetUser(trx, options)];
    const records: ResetCalibrationRecord[] = [];
    for (const cameraId of cameras) records.push(await resetCamera(trx, cameraId, options.actor));
    return records;
  });
}

async function resetUser(trx: Knex.Transaction, { userId, actor }: ResetCalibrationOptions): Promise<ResetCalibrationRecord> {
  const { thresholds, counts } = await learnThresholds(trx, { userId });
  await markUserReset(trx, userId);
  await refreshCalibrations(trx, { userIds: [userId], cameraIds: [] });
  const details = { reset: 'thresholds', learned: thresholds, counts };
  await insertAuditLog(trx, { action: 'settings_changed', resource_type: 'calibration', resource_id: userId, actor, details });
  const feedback_left_out = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { kind: 'thresholds', of: userId, feedback_left_out, ...thresholds, risk_offset: null };
}

async function resetCamera(trx: Knex.Transaction, cameraId: string, actor: string): Promise<ResetCalibrationRecord> {
  const before = await findCameraCalibration(trx, cameraId);
  await markCameraReset(trx, cameraId);
  await refreshCalibrations(trx, { userIds: [], cameraIds: [cameraId] });
  const [feedback_left_out, risk_offset] = [before?.total_feedback_count ?? 0, before?.risk_offset ?? 0];
  const details = { reset: 'offset', risk_offset, feedback: feedback_left_out };
  await insertAuditLog(trx, { action: 'settings_changed', resource_type: 'camera_calibration', resource_id: cameraId, actor, details });
  return { kind: 'camera', of: cameraId, feedback_left_out, low: null, medium: null, high: null, risk_offset };
}
