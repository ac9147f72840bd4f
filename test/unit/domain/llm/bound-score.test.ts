import { expect, test } from 'vitest';
import { boundScore } from '../../../../src/domain/llm/bound-score.ts';

const cases: [number, Parameters<typeof boundScore>[1], number, 'floor' | 'rule level' | null][] = [
  [20, { level: 'critical', floor: 90 }, 90, 'floor'], // §9.3: a knife
  [97, { level: 'low', floor: null }, 97, null], // §9.3
  [0, { level: 'low', floor: null }, 0, null],
  [0, { level: 'medium', floor: null }, 0, null],
  [0, { level: 'high', floor: null }, 30, 'rule level'],
  [29, { level: 'high', floor: null }, 30, 'rule level'],
  [30, { level: 'high', floor: null }, 30, null],
  [0, { level: 'critical', floor: null }, 60, 'rule level'],
  [60, { level: 'critical', floor: null }, 60, null],
  [100, { level: 'critical', floor: 95 }, 100, null],
  [75, { level: 'high', floor: 75 }, 75, null],
  [74, { level: 'high', floor: 75 }, 75, 'floor'],
];

test.each(cases)('a model that says %s beside rules of %j is taken as %s (scale §4.1)', (said, rule, score, by) => {
  expect(boundScore(said, rule)).toEqual({ score, bounded: by === null ? null : { said, by } });
});

test('levels are those of the calibration', () => {
  const thresholds = { low: 20, medium: 50, high: 70 };
  expect(boundScore(0, { level: 'critical', floor: null }, thresholds).score).toBe(50);
  expect(boundScore(0, { level: 'high', floor: null }, thresholds).score).toBe(20);
});

test('whatever a model says, it raises freely and lowers by one level at most', () => {
  for (let said = 0; said <= 100; said += 1) {
    for (const level of ['low', 'medium', 'high', 'critical'] as const) {
      const { score } = boundScore(said, { level, floor: null });
      expect(score).toBeGreaterThanOrEqual(said);
      expect(score).toBeGreaterThanOrEqual({ low: 0, medium: 0, high: 30, critical: 60 }[level]);
    }
  }
});
