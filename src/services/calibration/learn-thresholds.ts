import type { Knex } from 'knex';

import { findUserCalibration } from '../../db/models/user-calibration.ts';
import { findLearntFeedback, type LearntRow } from '../../db/queries/feedback.ts';
import { calibrate, calibrationSteps, type CalibrationStep, type LearntFeedback } from '../../domain/calibration/calibrate.ts';
import type { FeedbackCounts } from '../../domain/calibration/feedback-counts.ts';
import type { RiskThresholds } from '../../domain/risk-level.ts';

/** How far one word moves the thresholds, unless a user has set it. */
const DEFAULT_DECAY = 0.1;

export type LearnOptions = {
  userId: string;
  /** Instead of the one that is stored. */
  decay?: number | undefined;
};

/** What a user's feedback comes to, from the last reset on. */
export type Learnt = { thresholds: RiskThresholds; counts: FeedbackCounts; decay: number; resetAt: Date | null };

type Lesson = LearntRow & LearntFeedback;

/** Folds all feedback anew (§10.7): nothing depends on what was computed before. */
export async function learnThresholds(knex: Knex, options: LearnOptions): Promise<Learnt> {
  const { lessons, decay, resetAt } = await findLessons(knex, options);
  return { ...calibrate(lessons, { decay }), decay, resetAt };
}

/** The same, word by word. */
export async function learnStepByStep(knex: Knex, options: LearnOptions): Promise<CalibrationStep<Lesson>[]> {
  const { lessons, decay } = await findLessons(knex, options);
  return [...calibrationSteps(lessons, { decay })];
}

type Lessons = { lessons: Lesson[]; decay: number; resetAt: Date | null };

async function findLessons(knex: Knex, { userId, decay }: LearnOptions): Promise<Lessons> {
  const stored = await findUserCalibration(knex, userId);
  const resetAt = stored?.reset_at ?? null;
  const rows = await findLearntFeedback(knex, { userId, after: resetAt });
  return { lessons: rows.map(toLesson), decay: decay ?? stored?.decay_factor ?? DEFAULT_DECAY, resetAt };
}

function toLesson(row: LearntRow): Lesson {
  return { ...row, type: row.feedback_type, score: row.score_at_feedback, expected: row.expected_severity };
}
