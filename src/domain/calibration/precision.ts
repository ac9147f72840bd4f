import type { FeedbackCounts } from './feedback-counts.ts';

/** With fewer words a share says nothing. */
const FEWEST = 5;

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959963984540054;

export type Share = { share: number; low: number; high: number };

/** Share of alarms that were right, with the interval it lies in; null below 5 words on it: unmeasured (§10.7). */
export function feedbackPrecision({ correct_count, false_positive_count }: FeedbackCounts): Share | null {
  return shareOf(correct_count, correct_count + false_positive_count);
}

/** Share of what should have been an alarm that was one, as far as somebody said what was missed; null below 5 words on it. */
export function feedbackRecall({ correct_count, missed_threat_count }: FeedbackCounts): Share | null {
  return missed_threat_count === 0 ? null : shareOf(correct_count, correct_count + missed_threat_count);
}

function shareOf(hits: number, total: number): Share | null {
  return total < FEWEST ? null : { share: hits / total, ...wilsonInterval(hits, total) };
}

/** 95 % Wilson interval of a share. */
export function wilsonInterval(hits: number, total: number): { low: number; high: number } {
  const share = hits / total;
  const weight = 1 + Z ** 2 / total;
  const centre = share + Z ** 2 / (2 * total);
  const spread = Z * Math.sqrt((share * (1 - share)) / total + Z ** 2 / (4 * total ** 2));
  return { low: Math.max(0, (centre - spread) / weight), high: Math.min(1, (centre + spread) / weight) };
}
