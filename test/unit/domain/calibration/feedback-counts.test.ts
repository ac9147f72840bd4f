import { expect, test } from 'vitest';
import { accuracyRate, falsePositiveRate, totalFeedbackCount } from '../../../../src/domain/calibration/feedback-counts.ts';

// schema §9
test.each([
  [[0, 0, 0, 0], 0, null],
  [[0, 1, 0, 0], 1, 0],
  [[1, 0, 0, 0], 1, 1],
  [[1, 2, 3, 4], 10, 0.1],
  [[3, 0, 0, 1], 4, 0.75],
])('feedback %j sums to %s with an accuracy of %s (schema §9)', ([correct = 0, falsePositive = 0, missed = 0, wrong = 0], total, rate) => {
  const counts = {
    correct_count: correct,
    false_positive_count: falsePositive,
    missed_threat_count: missed,
    severity_wrong_count: wrong,
  };
  expect(totalFeedbackCount(counts)).toBe(total);
  expect(accuracyRate(counts)).toBe(rate);
});

test.each([
  [0, 0, 0],
  [4, 0, 0],
  [4, 3, 0.75],
  [2, 2, 1],
])('of %s feedbacks on a camera %s false positives are a rate of %s (schema §10, Q3)', (total, falsePositives, rate) => {
  expect(falsePositiveRate({ total_feedback_count: total, false_positive_count: falsePositives })).toBe(rate);
});
