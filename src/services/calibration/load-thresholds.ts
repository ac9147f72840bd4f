import type { Knex } from 'knex';

import { findUserCalibration } from '../../db/models/user-calibration.ts';
import { DEFAULT_RISK_THRESHOLDS, type RiskThresholds } from '../../domain/risk-level.ts';

/** The lowest scores of medium, high and critical that hold for a user (§9.2): those learned from feedback, else the defaults. */
export async function loadThresholds(knex: Knex, userId: string): Promise<RiskThresholds> {
  const row = await findUserCalibration(knex, userId);
  return row === undefined ? DEFAULT_RISK_THRESHOLDS : { low: row.low_threshold, medium: row.medium_threshold, high: row.high_threshold };
}
