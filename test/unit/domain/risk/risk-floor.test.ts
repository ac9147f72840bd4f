import { expect, test } from 'vitest';
import { riskFloor } from '../../../../src/domain/risk/risk-floor.ts';
import { ruleScore } from '../../../../src/domain/risk/rule-score.ts';
import { facts, member, subject } from './make-facts.ts';

const threat = (type: string, confidence: number) => ({ threats: [{ type, confidence, trackId: null }], actions: [] });
const action = (name: string, confidence: number) => ({
  threats: [],
  actions: [{ action: name, confidence, isSuspicious: true, trackId: null }],
});

test.each([
  [threat('gun', 0.6), 95],
  [threat('Rifle', 0.9), 95],
  [threat('explosive', 0.61), 95],
  [threat('grenade', 0.6), 95],
  [threat('gun', 0.5999), undefined],
  [threat('knife', 0.6), 90],
  [threat('weapon', 0.6), 75],
  [threat('crowbar', 0.6), 75],
  [threat('other', 0.6), 75],
  [threat('violence', 0.7), 80],
  [threat('violence', 0.69), undefined],
  [action('violence', 0.7), 80],
  [action('violence', 0.6999), undefined],
  [action('two people fighting', 0.8), 80],
  [action('forced_entry', 0.6), 80],
  [action('breaking into a car', 0.6), 80],
  [action('walking', 0.99), undefined],
  [{ threats: [], actions: [] }, undefined],
  [threat('knife', NaN), undefined],
])('%j is at least %s (§9.1 floors)', (seen, score) => {
  expect(riskFloor(seen)?.score).toBe(score);
});

test('the highest floor counts', () => {
  const threats = [...threat('weapon', 0.99).threats, ...threat('gun', 0.6).threats];
  expect(riskFloor({ threats, actions: [] })).toEqual({ score: 95, type: 'gun', confidence: 0.6, kind: 'weapon' });
});

test('a floor is told, flagged, and not lifted by knowing who it is (§9.1)', () => {
  const { score, reasoning, flags, factors } = ruleScore(facts([subject({ identity: member('full', 'inside') })], threat('gun', 0.8)));
  expect(score).toBe(95);
  expect(reasoning).toContain('Threat: gun 0.80 (at least 95).');
  expect(flags).toContainEqual({ type: 'weapon', severity: 'critical', description: 'gun seen, 0.80' });
  expect(factors.at(-1)).toMatchObject({ id: 'threat', points: 90 });
});
