import { expect, test } from 'vitest';
import { feedbackPrecision, feedbackRecall, wilsonInterval } from '../../../../src/domain/calibration/precision.ts';

test.each([
  [18, 20, 0.699, 0.9721],
  [0, 12, 0, 0.2425],
  [12, 12, 0.7575, 1],
])('%s of %s lie between %s and %s (§10.7)', (hits, total, low, high) => {
  const interval = wilsonInterval(hits, total);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test.each([
  [0, 0, null],
  [4, 0, null],
  [2, 2, null],
  [5, 0, 1],
  [4, 1, 0.8],
  [0, 5, 0],
])('%s correct and %s false alarms are a precision of %s, nothing below 5 words (§10.7)', (correct, falsePositives, share) => {
  const counts = { correct_count: correct, false_positive_count: falsePositives, missed_threat_count: 99, severity_wrong_count: 99 };
  expect(feedbackPrecision(counts)?.share ?? null).toBe(share);
});

test.each([
  [0, 0, null],
  [9, 0, null],
  [3, 1, null],
  [4, 1, 0.8],
  [0, 5, 0],
])('%s correct and %s missed are a recall of %s: without a word on what was missed there is none', (correct, missed, share) => {
  const counts = { correct_count: correct, false_positive_count: 99, missed_threat_count: missed, severity_wrong_count: 99 };
  expect(feedbackRecall(counts)?.share ?? null).toBe(share);
});
