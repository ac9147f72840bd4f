import type { Knex } from 'knex';

import type { FeedbackCounts } from '../../domain/calibration.ts';
import type { FeedbackType } from '../../domain/enums.ts';

/** One row of `user_calibration`, as stored. */
export type UserCalibrationRow = FeedbackCounts & {
  id: number;
  user_id: string;
  /** Lowest scores of medium, high and critical. */
  low_threshold: number;
  medium_threshold: number;
  high_threshold: number;
  decay_factor: number;
  created_at: Date;
  updated_at: Date;
};

export type NewUserCalibration = Pick<UserCalibrationRow, 'user_id'> &
  Partial<Omit<UserCalibrationRow, 'id' | 'user_id' | 'created_at' | 'updated_at'>>;

const COUNTER_OF_TYPE: Readonly<Record<FeedbackType, keyof FeedbackCounts>> = {
  correct: 'correct_count',
  false_positive: 'false_positive_count',
  missed_threat: 'missed_threat_count',
  severity_wrong: 'severity_wrong_count',
};

export async function findUserCalibration(knex: Knex, userId: string): Promise<UserCalibrationRow | undefined> {
  return knex<UserCalibrationRow>('user_calibration').where({ user_id: userId }).first();
}

/** Makes the user's row or changes what is named. */
export async function saveUserCalibration(knex: Knex, calibration: NewUserCalibration): Promise<UserCalibrationRow> {
  const [row] = await knex('user_calibration')
    .insert(calibration)
    .onConflict('user_id')
    .merge(calibration)
    .returning<UserCalibrationRow[]>('*');
  if (row === undefined) throw new Error('the calibration was not stored');
  return row;
}

/** Adds one to the user's counter of that type; several processes may do so at once. */
export async function countFeedback(knex: Knex, userId: string, type: FeedbackType): Promise<void> {
  const counter = COUNTER_OF_TYPE[type];
  await knex('user_calibration')
    .insert({ user_id: userId, [counter]: 1 })
    .onConflict('user_id')
    .merge({ [counter]: knex.raw('user_calibration.?? + 1', [counter]) });
}
