import type { Knex } from 'knex';

import { listCameraNames } from '../../db/queries/cameras.ts';
import type { FeedbackType, Severity } from '../../domain/enums.ts';
import { matchCameras } from '../lists/match-names.ts';
import { learnStepByStep, type LearnOptions } from './learn-thresholds.ts';

/** Columns of `hs calibration history` in their order; new ones are only ever added at the end. */
export const HISTORY_COLUMNS = [
  'event_id',
  'created_at',
  'camera_id',
  'feedback_type',
  'score_at_feedback',
  'expected_severity',
  'change',
  'low',
  'medium',
  'high',
] as const;

export type HistoryRecord = {
  event_id: number;
  created_at: Date;
  camera_id: string;
  feedback_type: FeedbackType;
  score_at_feedback: number | null;
  expected_severity: Severity | null;
  /** Of all three thresholds, before their limits. */
  change: number;
  /** After it. */
  low: number;
  medium: number;
  high: number;
};

/** Word by word how the learned thresholds came about, from the last reset on. Throws a usage error for a camera that does not exist. */
export async function calibrationHistory(
  knex: Knex,
  { cameras, ...options }: LearnOptions & { cameras?: readonly string[] | undefined },
): Promise<HistoryRecord[]> {
  const wanted = cameras && new Set(matchCameras(await listCameraNames(knex), cameras));
  const steps = await learnStepByStep(knex, options);
  return steps
    .filter(({ feedback }) => wanted?.has(feedback.camera_id) !== false)
    .map(({ feedback, change, thresholds }) => {
      const { event_id, created_at, camera_id, feedback_type, score_at_feedback, expected_severity } = feedback;
      return { event_id, created_at, camera_id, feedback_type, score_at_feedback, expected_severity, change, ...thresholds };
    });
}
