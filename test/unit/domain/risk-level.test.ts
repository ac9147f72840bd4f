import { expect, test } from 'vitest';
import { getSeverity, isSnoozed, riskLevel } from '../../../src/domain/risk-level.ts';

// schema §9
test.each([
  [null, null],
  [0, 'low'],
  [29, 'low'],
  [30, 'medium'],
  [59, 'medium'],
  [60, 'high'],
  [84, 'high'],
  [85, 'critical'],
  [100, 'critical'],
])('a score of %s is %s (schema §9)', (score, level) => {
  expect(riskLevel(score)).toBe(level);
  expect(getSeverity({ risk_score: score })).toBe(level);
});

test.each([-1, 101, 50.5, Number.NaN, Number.POSITIVE_INFINITY])('%s is no score', (score) => {
  expect(() => riskLevel(score)).toThrow(RangeError);
});

test('other thresholds move the levels, down to none being low', () => {
  const thresholds = { low: 0, medium: 5, high: 20 };
  expect([0, 4, 5, 19, 20].map((score) => riskLevel(score, thresholds))).toEqual(['medium', 'medium', 'high', 'high', 'critical']);
  expect(getSeverity({ risk_score: 4 }, thresholds)).toBe('medium');
});

test.each([
  [null, false],
  [-1, false],
  [0, false],
  [1, true],
])('an event snoozed until %s ms from now is snoozed: %s (schema §9)', (offsetMs, expected) => {
  const now = new Date('2026-03-01T10:00:00Z');
  const until = offsetMs === null ? null : new Date(now.getTime() + offsetMs);
  expect(isSnoozed({ snooze_until: until }, now)).toBe(expected);
});
