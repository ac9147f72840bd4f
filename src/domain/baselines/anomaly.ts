import { regularizedBeta } from './regularized-beta.ts';

export type AnomalyLevel = 'usual' | 'between' | 'unusual' | 'very_unusual';

const USUAL = 0.5;
const UNUSUAL = 0.95;
const VERY_UNUSUAL = 0.99;
const UNUSUALLY_QUIET = 0.99;

/**
 * The probability of fewer than `k` tracks when the rate is as uncertain as `a` weighted tracks in `b` weighted hours leave it (negative
 * binomial): Σ_{j<k} p_j with p₀ = (b/(b+1))^a, p_{j+1} = p_j · (a+j)/(j+1) · 1/(b+1). The sum is an incomplete beta function,
 * which neither overflows nor underflows however large `k` and `a` are.
 */
export function anomaly(k: number, a: number, b: number): number {
  if (!Number.isInteger(k) || k < 0) throw new RangeError(`a number of tracks is a whole number from 0, not ${k}`);
  if (!(a > 0 && b > 0 && Number.isFinite(a) && Number.isFinite(b))) throw new RangeError(`a and b must be positive, not ${a} and ${b}`);
  return k === 0 ? 0 : regularizedBeta(1 / (b + 1), k, a).upper;
}

/** Whether so few tracks in a complete hour are a thing to report: more were all but certain. */
export function isUnusuallyQuiet(k: number, a: number, b: number): boolean {
  return 1 - anomaly(k + 1, a, b) >= UNUSUALLY_QUIET;
}

/** Null stands for not enough history. */
export function anomalyLevel(score: number): AnomalyLevel;
export function anomalyLevel(score: number | null): AnomalyLevel | null;
export function anomalyLevel(score: number | null): AnomalyLevel | null {
  if (score === null) return null;
  if (score <= USUAL) return 'usual';
  if (score < UNUSUAL) return 'between';
  return score < VERY_UNUSUAL ? 'unusual' : 'very_unusual';
}
