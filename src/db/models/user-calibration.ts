import type { Knex } from 'knex';

import type { FeedbackCounts } from '../../domain/calibration/feedback-counts.ts';

/** One row of `user_calibration`, as stored. */
export type UserCalibrationRow = FeedbackCounts & {
  id: number;
  user_id: string;
  /** Lowest scores of medium, high and critical that are in force. */
  low_threshold: number;
  medium_threshold: number;
  high_threshold: number;
  decay_factor: number;
  /** Only feedback given later counts. */
  reset_at: Date | null;
  created_at: Date;
  updated_at: Date;
};

export type NewUserCalibration = Pick<UserCalibrationRow, 'user_id'> &
  Partial<Omit<UserCalibrationRow, 'id' | 'user_id' | 'created_at' | 'updated_at'>>;

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

/** One change of feedback or calibrations at a time, until the transaction ends. Lock events before: derivation does, too. */
export async function lockCalibrations(trx: Knex.Transaction): Promise<void> {
  await trx.raw(`SELECT pg_advisory_xact_lock(hashtextextended('hs:calibrations', 0))`);
}

/** Feedback given before this moment counts no longer. */
export async function markUserReset(trx: Knex.Transaction, userId: string): Promise<void> {
  const reset_at = trx.raw('clock_timestamp()');
  await trx('user_calibration').insert({ user_id: userId, reset_at }).onConflict('user_id').merge({ reset_at });
}
