import type { Knex } from 'knex';

import { falsePositiveRate } from '../../domain/calibration/feedback-counts.ts';

/** One row of `camera_calibrations`, as stored. */
export type CameraCalibrationRow = {
  id: number;
  camera_id: string;
  total_feedback_count: number;
  false_positive_count: number;
  /** False positives ÷ all feedback. */
  false_positive_rate: number;
  /** Added to the camera's scores. */
  risk_offset: number;
  model_weights: Record<string, number>;
  suppress_patterns: unknown[];
  avg_model_score: number | null;
  avg_user_suggested_score: number | null;
  /** Only feedback given later counts. */
  reset_at: Date | null;
  updated_at: Date;
};

export type NewCameraCalibration = Pick<CameraCalibrationRow, 'camera_id' | 'total_feedback_count' | 'false_positive_count'> &
  Partial<
    Pick<CameraCalibrationRow, 'risk_offset' | 'model_weights' | 'suppress_patterns' | 'avg_model_score' | 'avg_user_suggested_score'>
  >;

export async function findCameraCalibration(knex: Knex, cameraId: string): Promise<CameraCalibrationRow | undefined> {
  return knex<CameraCalibrationRow>('camera_calibrations').where({ camera_id: cameraId }).first();
}

/** By camera. */
export async function listCameraCalibrations(knex: Knex): Promise<CameraCalibrationRow[]> {
  return knex<CameraCalibrationRow>('camera_calibrations').orderBy('camera_id');
}

/** Makes the camera's row or changes what is named; the rate follows from the counts. */
export async function saveCameraCalibration(knex: Knex, calibration: NewCameraCalibration): Promise<CameraCalibrationRow> {
  const columns = toColumns(calibration);
  const [row] = await knex('camera_calibrations')
    .insert(columns)
    .onConflict('camera_id')
    .merge(columns)
    .returning<CameraCalibrationRow[]>('*');
  if (row === undefined) throw new Error('the camera calibration was not stored');
  return row;
}

/** Feedback given before this moment counts no longer. */
export async function markCameraReset(trx: Knex.Transaction, cameraId: string): Promise<void> {
  const reset_at = trx.raw('clock_timestamp()');
  await trx('camera_calibrations').insert({ camera_id: cameraId, reset_at }).onConflict('camera_id').merge({ reset_at });
}

function toColumns({ model_weights, suppress_patterns, ...columns }: NewCameraCalibration): Record<string, unknown> {
  return {
    ...columns,
    false_positive_rate: falsePositiveRate(columns),
    ...(model_weights === undefined ? {} : { model_weights: JSON.stringify(model_weights) }),
    ...(suppress_patterns === undefined ? {} : { suppress_patterns: JSON.stringify(suppress_patterns) }),
  };
}
