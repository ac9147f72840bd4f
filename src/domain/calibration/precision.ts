import type { FeedbackCounts } from './feedback-counts.ts';

/** With fewer words a share says nothing. */
const FEWEST = 5;

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959963984540054;

export type Share = { share: number; low: number; high: number };

/** Share of alarms that were right, with the interval it lies in; null below 5 words on it: unmeasured (§10.7). */
export function feedbackPrecision({ correct_count, false_positive_count }: FeedbackCounts): Share | null {
  const total = correct_count + false_positive_count;
  return total < FEWEST ? null : { share: correct_count / total, ...wilsonInterval(correct_count, total) };
}

/** 95 % Wilson interval of a share. */
export function wilsonInterval(hits: number, total: number): { low: number; high: number } {
  const share = hits / total;
  const weight = 1 + Z ** 2 / total;
  const centre = share + Z ** 2 / (2 * total);
  const spread = Z * Math.sqrt((share * (1 - share)) / total + Z ** 2 / (4 * total ** 2));
  return { low: Math.max(0, (centre - spread) / weight), high: Math.min(1, (centre + spread) / weight) };
}
