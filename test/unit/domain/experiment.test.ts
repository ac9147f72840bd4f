import { expect, test } from 'vitest';
import { latencyDiffMs, latencyIncreasePct, scoreDiff } from '../../../src/domain/experiment.ts';

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
