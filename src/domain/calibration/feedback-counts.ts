import type { FeedbackType } from '../enums.ts';

/** How often each kind of feedback was given. Names as stored. */
export type FeedbackCounts = {
  correct_count: number;
  false_positive_count: number;
  missed_threat_count: number;
  severity_wrong_count: number;
};

export function totalFeedbackCount(counts: FeedbackCounts): number {
  return counts.correct_count + counts.false_positive_count + counts.missed_threat_count + counts.severity_wrong_count;
}

/** Share of feedback that said the rating was right; null without feedback. */
export function accuracyRate(counts: FeedbackCounts): number | null {
  const total = totalFeedbackCount(counts);
  return total === 0 ? null : counts.correct_count / total;
}

/** Share of false positives in all feedback on a camera; 0 without feedback. */
export function falsePositiveRate(counts: { total_feedback_count: number; false_positive_count: number }): number {
  return counts.total_feedback_count === 0 ? 0 : counts.false_positive_count / counts.total_feedback_count;
}

/** What a counter of feedback is called, by type. */
export const COUNTER_OF_TYPE: Readonly<Record<FeedbackType, keyof FeedbackCounts>> = {
  correct: 'correct_count',
  false_positive: 'false_positive_count',
  missed_threat: 'missed_threat_count',
  severity_wrong: 'severity_wrong_count',
};

/** How often each type occurs. */
export function countFeedback(types: Iterable<FeedbackType>): FeedbackCounts {
  const counts: FeedbackCounts = { correct_count: 0, false_positive_count: 0, missed_threat_count: 0, severity_wrong_count: 0 };
  for (const type of types) counts[COUNTER_OF_TYPE[type]] += 1;
  return counts;
}
