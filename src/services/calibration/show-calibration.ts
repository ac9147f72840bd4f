import type { Knex } from 'knex';

import { listCameraCalibrations, type CameraCalibrationRow } from '../../db/models/camera-calibrations.ts';
import { countLevelChanges } from '../../db/queries/level-changes.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import { accuracyRate, type FeedbackCounts } from '../../domain/calibration/feedback-counts.ts';
import { matchCameras } from '../lists/match-names.ts';
import { learnThresholds } from './learn-thresholds.ts';
import { loadCameraOffsets, type CalibrationSettings } from './load-camera-offsets.ts';
import { loadThresholds } from './load-thresholds.ts';

export type ShowCalibrationOptions = {
  /** Only these, `*` and `?` allowed. */
  cameras?: readonly string[] | undefined;
  /** As it would be with this one. */
  decay?: number | undefined;
  calibration: CalibrationSettings;
};

export type CalibrationRecord = FeedbackCounts & {
  user_id: string;
  decay: number;
  /** Lowest scores of medium, high and critical: in force, and as feedback would have them. */
  low: number;
  medium: number;
  high: number;
  learned_low: number;
  learned_medium: number;
  learned_high: number;
  /** Stored levels that `apply` would change. */
  events_to_change: number;
  accuracy: number | null;
  reset_at: Date | null;
};

/** What is shown of cameras; new columns are only ever added at the end. */
export const CAMERA_CALIBRATION_COLUMNS = [
  'camera_id',
  'total_feedback_count',
  'false_positive_count',
  'false_positive_rate',
  'risk_offset',
  'offset_in_force',
  'avg_model_score',
  'reset_at',
] as const;

type StoredColumn = Exclude<(typeof CAMERA_CALIBRATION_COLUMNS)[number], 'offset_in_force'>;

export type CameraCalibrationRecord = Pick<CameraCalibrationRow, StoredColumn> & {
  /** What scores of the camera really get. */
  offset_in_force: number;
};

export type CalibrationView = { calibration: CalibrationRecord; cameras: CameraCalibrationRecord[] };

/** What was learned from feedback, beside what is in force. Throws a usage error for a camera that does not exist. */
export async function showCalibration(knex: Knex, options: ShowCalibrationOptions): Promise<CalibrationView> {
  const { user: userId } = options.calibration;
  const wanted = options.cameras && new Set(matchCameras(await listCameraNames(knex), options.cameras));
  const { thresholds, counts, decay, resetAt } = await learnThresholds(knex, { userId, decay: options.decay });
  const changes = await countLevelChanges(knex, thresholds);
  const offsets = await loadCameraOffsets(knex, options.calibration);
  const cameras: CameraCalibrationRecord[] = [];
  for (const row of await listCameraCalibrations(knex)) {
    if (wanted?.has(row.camera_id) === false) continue;
    cameras.push(toCameraRecord(row, offsets.get(row.camera_id) ?? 0));
  }
  const calibration = {
    user_id: userId,
    decay,
    ...(await loadThresholds(knex, userId)),
    learned_low: thresholds.low,
    learned_medium: thresholds.medium,
    learned_high: thresholds.high,
    events_to_change: changes.reduce((sum, { events }) => sum + events, 0),
    ...counts,
    accuracy: accuracyRate(counts),
    reset_at: resetAt,
  };
  return { calibration, cameras };
}

function toCameraRecord(row: CameraCalibrationRow, offset: number): CameraCalibrationRecord {
  const { camera_id, total_feedback_count, false_positive_count, false_positive_rate, risk_offset, avg_model_score, reset_at } = row;
  const counts = { camera_id, total_feedback_count, false_positive_count, false_positive_rate };
  return { ...counts, risk_offset, offset_in_force: offset, avg_model_score, reset_at };
}
