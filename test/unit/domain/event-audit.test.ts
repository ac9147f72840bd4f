import { expect, test } from 'vitest';
import { isFullyEvaluated } from '../../../src/domain/event-audit.ts';

test.each([
  [null, false],
  [0, true],
  [3.5, true],
])('an audit with overall score %s is fully evaluated: %s (schema §9)', (score, expected) => {
  expect(isFullyEvaluated({ overall_quality_score: score })).toBe(expected);
});
