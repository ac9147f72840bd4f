import type { Knex } from 'knex';

import { findCameraCalibration, saveCameraCalibration } from '../../db/models/camera-calibrations.ts';
import { saveUserCalibration } from '../../db/models/user-calibration.ts';
import { findLearntFeedback } from '../../db/queries/feedback.ts';
import { cameraOffset } from '../../domain/calibration/camera-offset.ts';
import { learnThresholds } from './learn-thresholds.ts';

type Touched = { userIds: Iterable<string>; cameraIds: Iterable<string> };

/** Counts the feedback of users and cameras anew after some of it changed. Thresholds in force stay: applying them is an act of its own. */
export async function refreshCalibrations(trx: Knex.Transaction, { userIds, cameraIds }: Touched): Promise<void> {
  for (const userId of new Set(userIds)) await refreshUser(trx, userId);
  for (const cameraId of new Set(cameraIds)) await refreshCamera(trx, cameraId);
}

async function refreshUser(trx: Knex.Transaction, userId: string): Promise<void> {
  const { counts } = await learnThresholds(trx, { userId });
  await saveUserCalibration(trx, { user_id: userId, ...counts });
}

/** As for thresholds, feedback on events without a score counts for nothing. */
async function refreshCamera(trx: Knex.Transaction, cameraId: string): Promise<void> {
  const stored = await findCameraCalibration(trx, cameraId);
  const rows = await findLearntFeedback(trx, { cameraId, after: stored?.reset_at ?? null });
  const scored = rows.flatMap((row) => (row.score_at_feedback === null ? [] : [{ type: row.feedback_type, score: row.score_at_feedback }]));
  if (stored === undefined && scored.length === 0) return;
  await saveCameraCalibration(trx, {
    camera_id: cameraId,
    total_feedback_count: scored.length,
    false_positive_count: scored.filter(({ type }) => type === 'false_positive').length,
    risk_offset: cameraOffset(scored.map(({ type }) => type)),
    avg_model_score: scored.length === 0 ? null : scored.reduce((sum, { score }) => sum + score, 0) / scored.length,
  });
}
