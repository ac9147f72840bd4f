import { expect, test } from 'vitest';
import {
  agreesWithFeedback,
  armOf,
  latencyDiffMs,
  latencyIncreasePct,
  pairFigures,
  quantile,
  scoreDiff,
  stopAdvice,
  type LeveledPair,
} from '../../../src/domain/experiment.ts';
import { riskLevel } from '../../../src/domain/risk-level.ts';
import { sha256UnitOf } from '../../../src/services/llm/sha256-unit.ts';

test.each([
  [0, 0, 0],
  [10, 100, 90],
  [100, 10, 90],
  [55, 55, 0],
])('scores %s and %s differ by %s (schema §9)', (v1, v2, expected) => {
  expect(scoreDiff({ v1_risk_score: v1, v2_risk_score: v2 })).toBe(expected);
});

test.each([
  [0, 0, 0, 0],
  [0, 0.001, 0.001, 100],
  [0, 1e9, 1e9, 100],
  [200, 300, 100, 50],
  [200, 100, -100, -50],
  [200, 200, 0, 0],
  [200, 0, -200, -100],
])('latencies of %s and %s ms differ by %s ms, %s percent (schema §9)', (v1, v2, diff, percent) => {
  const pair = { v1_latency_ms: v1, v2_latency_ms: v2 };
  expect(latencyDiffMs(pair)).toBe(diff);
  expect(latencyIncreasePct(pair)).toBe(percent);
});

test.each([
  ['front_door-20260114T081500250Z', 0.780586, 'control'],
  ['front_door-20260114T093000000Z', 0.005223, 'treatment'],
  ['gate-20260114T081500250Z', 0.175258, 'control'],
])('the event %s is at %s of p2-vs-p3: %s at a tenth (§10.10)', (batchId, unit, arm) => {
  const found = sha256UnitOf('p2-vs-p3', batchId);
  expect(found).toBeCloseTo(unit, 6);
  expect(armOf(found, 0.1)).toBe(arm);
  expect(armOf(found, 0.3)).toBe(unit < 0.3 ? 'treatment' : 'control');
  expect(armOf(found, 1)).toBe('treatment');
});

const pair = (old: number, now: number): LeveledPair => ({
  v1_risk_score: old,
  v2_risk_score: now,
  v1_risk_level: riskLevel(old),
  v2_risk_level: riskLevel(now),
});

test('figures of pairs are those of the design (§10.10)', () => {
  const pairs = [pair(10, 12), pair(25, 20), pair(40, 45), pair(62, 70), pair(88, 85)];
  const figures = pairFigures(pairs);
  expect(figures).toMatchObject({ pairs: 5, same_level: 5 });
  expect(figures.mean_diff).toBeCloseTo(1.4, 10);
  expect(figures.mean_abs_diff).toBeCloseTo(4.6, 10);
  expect(figures.rms_diff).toBeCloseTo(5.0398, 4);
  expect(figures.correlation).toBeCloseTo(0.985, 4);
});

test.each([
  ['none', [], null],
  ['two', [pair(1, 2), pair(3, 4)], null],
  ['one side that never changes', [pair(5, 1), pair(5, 2), pair(5, 3)], null],
  ['opposites', [pair(1, 3), pair(2, 2), pair(3, 1)], -1],
])('the correlation of %s is %s', (_, pairs, expected) => {
  const { correlation } = pairFigures(pairs);
  if (expected === null) expect(correlation).toBeNull();
  else expect(correlation).toBeCloseTo(expected, 10);
});

test.each([
  [[], 0.5, null],
  [[7], 0.95, 7],
  [[3, 1, 2], 0.5, 2],
  [[4, 1, 3, 2], 0.5, 2],
  [Array.from({ length: 100 }, (_, place) => place + 1), 0.95, 95],
])('of %j the quantile %s is %s', (values, share, expected) => {
  expect(quantile(values, share)).toBe(expected);
});

const CALM = { compared: 100, latencyRatio: 1.5, rmsDiff: 15, invalidRise: 0.05 };

test.each([
  [CALM, 0],
  [{ ...CALM, latencyRatio: 1.51 }, 1],
  [{ ...CALM, rmsDiff: 15.1 }, 1],
  [{ ...CALM, invalidRise: 0.051 }, 1],
  [{ compared: 100, latencyRatio: 2, rmsDiff: 20, invalidRise: 1 }, 3],
  [{ compared: 99, latencyRatio: 2, rmsDiff: 20, invalidRise: 1 }, 0],
  [{ compared: 1000, latencyRatio: null, rmsDiff: null, invalidRise: null }, 0],
])('%j gives %s reasons to stop (§10.10)', (figures, reasons) => {
  expect(stopAdvice(figures)).toHaveLength(reasons);
});

test.each([
  ['correct', null, 'high', 'high', true],
  ['correct', null, 'low', 'high', false],
  ['correct', null, 'low', null, null],
  ['false_positive', null, 'low', 'high', true],
  ['false_positive', null, 'medium', 'high', false],
  ['missed_threat', null, 'critical', 'low', true],
  ['missed_threat', null, 'medium', 'low', false],
  ['severity_wrong', 'medium', 'medium', 'low', true],
  ['severity_wrong', null, 'medium', 'low', null],
  ['correct', null, null, 'low', null],
] as const)('after %s (%s) the level %s where %s was shown: %s', (feedback_type, expected_severity, level, stored, agrees) => {
  expect(agreesWithFeedback({ feedback_type, expected_severity }, level, stored)).toBe(agrees);
});
