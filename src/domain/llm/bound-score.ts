import type { Severity } from '../enums.ts';
import { DEFAULT_RISK_THRESHOLDS, type RiskThresholds } from '../risk-level.ts';

/** What the rules found, as far as it holds a model. */
export type RuleBounds = {
  level: Severity;
  /** Lowest score that a threat allows, whoever is seen. */
  floor: number | null;
};

export type BoundedScore = {
  score: number;
  /** What the model said when it was not taken as it is, and why. */
  bounded: { said: number; by: 'floor' | 'rule level' } | null;
};

/**
 * A model may raise a score as it likes; it may lower it at most to the lowest score of the level below that of the rules, and
 * never below the floor of a threat: text in a picture must not be able to talk an event away.
 */
export function boundScore(said: number, { level, floor }: RuleBounds, thresholds: RiskThresholds = DEFAULT_RISK_THRESHOLDS): BoundedScore {
  const lowest = lowestOfLevelBelow(level, thresholds);
  const limit = Math.max(floor ?? 0, lowest);
  if (said >= limit) return { score: said, bounded: null };
  return { score: limit, bounded: { said, by: floor !== null && floor >= lowest ? 'floor' : 'rule level' } };
}

function lowestOfLevelBelow(level: Severity, thresholds: RiskThresholds): number {
  if (level === 'critical') return thresholds.medium;
  return level === 'high' ? thresholds.low : 0;
}
