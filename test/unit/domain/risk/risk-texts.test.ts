import { expect, test } from 'vitest';
import { auditFlags, enrichmentUtilization } from '../../../../src/domain/risk/audit-flags.ts';
import { durationWords } from '../../../../src/domain/risk/risk-words.ts';
import { ruleScore } from '../../../../src/domain/risk/rule-score.ts';
import { anomaly, facts, member, subject, UNKNOWN } from './make-facts.ts';

test('the summary says what, where and when (§9.1)', () => {
  const night = { clock: '03:00:00', seconds: 150 };
  const event = facts([subject({ label: 'car', clock: '03:00:00' }), subject({ ...night, zone: 'entry_point' }), subject(night)]);
  expect(ruleScore(event).summary).toBe('2 people, 1 car at Gate, zone The entry_point, 03:00:00–03:02:30.');
  expect(ruleScore(facts([])).summary).toBe('Nothing that was followed at Gate, 23:59:59–23:59:59.');
});

test('a long name is cut to what the column takes', () => {
  const camera = { id: 'c', name: 'ü'.repeat(3000), timezone: 'UTC', propertyId: null };
  expect(new TextEncoder().encode(ruleScore(facts([subject()], { camera })).summary).length).toBeLessThanOrEqual(2000);
});

test.each([
  [NaN, '0 s'],
  [-1, '0 s'],
  [999, '0 s'],
  [45_000, '45 s'],
  [150_000, '2 min 30 s'],
  [360_000, '6 min'],
  [3_900_000, '1 h 5 min'],
  [3_601_000, '1 h'],
])('%d ms are %s', (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

test('flags are raised for strangers, not for those who belong here (§9.1)', () => {
  const visit = { clock: '03:00:00', zone: 'entry_point', seconds: 200 } as const;
  const typesOf = (identity: ReturnType<typeof member>) =>
    ruleScore(facts([subject({ ...visit, identity })], anomaly(0.96))).flags.map(({ type, severity }) => `${type} ${severity}`);
  expect(typesOf(UNKNOWN)).toEqual(['unknown_at_entry alert', 'night_presence warning', 'loitering warning', 'unusual_time warning']);
  expect(typesOf(member('full', 'outside'))).toEqual([]);
});

test('a changed view is flagged, a small change of it is not', () => {
  const changed = (type: 'view_tampered' | 'unknown') => ({ sceneChanges: [{ id: 1, type, detectedAtMs: 0 }] });
  expect(ruleScore(facts([], changed('view_tampered'))).flags).toMatchObject([{ type: 'camera_tamper', severity: 'alert' }]);
  expect(ruleScore(facts([], changed('unknown'))).flags).toEqual([]);
});

test.each([
  [0.75, 'good'],
  [0.5, 'fair'],
  [0.49, 'poor'],
])('a best score of %d is of %s quality (§9.1)', (bestScore, quality) => {
  expect(ruleScore(facts([subject({ more: { bestScore } })])).confidenceFactors.detection_quality).toBe(quality);
});

test('how much was known is said (§9.1 enrichment_coverage)', () => {
  const coverage = (...args: Parameters<typeof facts>) => ruleScore(facts(...args)).confidenceFactors.enrichment_coverage;
  expect(coverage([])).toBe('minimal');
  expect(coverage([subject({ zone: 'yard' })])).toBe('partial');
  expect(coverage([subject({ zone: 'yard', identity: UNKNOWN })], anomaly(0.7))).toBe('full');
});

test('each subject is described, with how threatening it is', () => {
  const { entities } = ruleScore(facts([subject({ label: 'dog' }), subject({ clock: '03:00:00', zone: 'entry_point', seconds: 150 })]));
  expect(entities).toEqual([
    { type: 'person', description: 'person in zone The entry_point, 2 min 30 s', threat_level: 'high' },
    { type: 'animal', description: 'dog, 0 s', threat_level: 'low' },
  ]);
});

test('an audit names the stages that were there, and their share (§10.8)', () => {
  expect(enrichmentUtilization(auditFlags(facts([])))).toBe(0);
  const flags = auditFlags(facts([subject({ zone: 'yard', identity: UNKNOWN })], anomaly(0.7)));
  expect(Object.entries(flags).flatMap(([name, isThere]) => (isThere ? name : []))).toEqual([
    'has_yolo26',
    'has_clip',
    'has_zones',
    'has_baseline',
  ]);
  expect(enrichmentUtilization(flags)).toBe(33.33);
});
