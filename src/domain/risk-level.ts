import type { Severity } from './enums.ts';

/** Lowest scores of medium, high and critical. */
export type RiskThresholds = Readonly<{ low: number; medium: number; high: number }>;

export const DEFAULT_RISK_THRESHOLDS: RiskThresholds = { low: 30, medium: 60, high: 85 };

/** The only place that maps scores to levels. Throws RangeError for a score that is not a whole number from 0 to 100. */
export function riskLevel(score: number, thresholds?: RiskThresholds): Severity;
export function riskLevel(score: number | null, thresholds?: RiskThresholds): Severity | null;
export function riskLevel(score: number | null, thresholds: RiskThresholds = DEFAULT_RISK_THRESHOLDS): Severity | null {
  if (score === null) return null;
  if (!Number.isInteger(score) || score < 0 || score > 100)
    throw new RangeError(`a risk score is a whole number from 0 to 100, not ${score}`);
  if (score < thresholds.low) return 'low';
  if (score < thresholds.medium) return 'medium';
  return score < thresholds.high ? 'high' : 'critical';
}

export function getSeverity(event: { risk_score: number | null }, thresholds?: RiskThresholds): Severity | null {
  return riskLevel(event.risk_score, thresholds);
}

/** A snooze that ends now is over. */
export function isSnoozed(event: { snooze_until: Date | null }, now: Date): boolean {
  return event.snooze_until !== null && event.snooze_until > now;
}
