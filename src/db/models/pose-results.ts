import type { Knex } from 'knex';

import type { PoseClass } from '../../domain/enums.ts';
import type { CameraInterval } from './detections.ts';
import { findResults, listResults, upsertResults, type DetectionKey, type NewResult, type ResultColumns } from './detection-results.ts';

/** One row of `pose_results`, as stored. At most one per detection. */
export type PoseResultRow = ResultColumns & {
  pose_class: PoseClass | null;
  confidence: number | null;
  /** 17 × [x, y, confidence]. */
  keypoints: [x: number, y: number, confidence: number][] | null;
  is_suspicious: boolean;
};

export type NewPoseResult = NewResult<PoseResultRow>;

export async function upsertPoseResults(knex: Knex, results: readonly NewPoseResult[]): Promise<void> {
  await upsertResults(knex, 'pose_results', results.map(toColumns));
}

export async function findPoseResults(knex: Knex, detections: readonly DetectionKey[]): Promise<PoseResultRow[]> {
  return findResults(knex, 'pose_results', detections);
}

export async function listPoseResults(knex: Knex, interval: CameraInterval): Promise<PoseResultRow[]> {
  return listResults(knex, 'pose_results', interval);
}

function toColumns(result: NewPoseResult): Record<string, unknown> {
  return { ...result, keypoints: result.keypoints === null ? null : JSON.stringify(result.keypoints) };
}
