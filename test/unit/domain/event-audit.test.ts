import { expect, test } from 'vitest';
import { consistency, isFullyEvaluated, overallQuality } from '../../../src/domain/event-audit.ts';

test.each([
  [null, false],
  [0, true],
  [3.5, true],
])('an audit with overall score %s is fully evaluated: %s (schema §9)', (score, expected) => {
  expect(isFullyEvaluated({ overall_quality_score: score })).toBe(expected);
});

test.each([
  [50, 50, 0, 5],
  [50, 55, 5, 4],
  [50, 38, -12, 2.6],
  [50, 62, 12, 2.6],
  [20, 40, 20, 1],
  [50, 25, -25, 1],
  [0, 100, 100, 1],
])('scores %s and then %s differ by %s, a consistency of %s (§10.8)', (first, second, diff, score) => {
  expect(consistency(first, second)).toEqual({ diff, score });
});

test.each([
  [[], null],
  [[null, undefined], null],
  [[4, null, 2, undefined], 3],
  [[4, 3, 5, 2.6], 3.65],
])('scores %j have the mean %s (§10.8)', (scores, mean) => {
  const found = overallQuality(scores);
  if (mean === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(mean, 10);
});
