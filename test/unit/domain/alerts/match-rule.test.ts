import { describe, expect, test } from 'vitest';
import type { AlertDetection, AlertEvent, AlertRuleConditions, AlertTrack } from '../../../../src/domain/alerts/alert-rule.ts';
import { matchRule } from '../../../../src/domain/alerts/match-rule.ts';

const NOTHING: AlertRuleConditions = {
  risk_threshold: null,
  object_types: null,
  camera_ids: null,
  zone_ids: null,
  min_confidence: null,
  schedule: null,
  conditions: null,
};

const rule = (more: Partial<AlertRuleConditions>): AlertRuleConditions => ({ ...NOTHING, ...more });

const seen = (id: number, label: string, score: number, more: Partial<AlertDetection> = {}): AlertDetection => ({
  id,
  label,
  score,
  detectedAtMs: id * 1000,
  trackId: id,
  zoneIds: [],
  ...more,
});

const event = (detections: AlertDetection[], more: Partial<AlertEvent> = {}): AlertEvent => ({
  id: 1,
  batchId: 'gate-1',
  sequenceId: 'gate-1',
  cameraId: 'gate',
  timezone: 'UTC',
  startedAtMs: Date.parse('2026-01-16T22:00:00Z'),
  riskScore: 60,
  anomaly: 0.97,
  detections,
  tracks: new Map(),
  ...more,
});

const matches = (conditions: Partial<AlertRuleConditions>, of: AlertEvent): boolean => matchRule(rule(conditions), of).matched;

const tracks = (entries: [number, AlertTrack['trust'], [string, number][]][]): AlertEvent['tracks'] =>
  new Map(entries.map(([id, trust, stays]) => [id, { trust, dwellMs: new Map(stays.map(([zone, s]) => [zone, s * 1000])) }]));

describe('a rule (§10.4)', () => {
  test('without a condition matches every event, also one without detections or score; empty lists are no condition', () => {
    const empty = event([], { riskScore: null });
    expect(matchRule(NOTHING, empty)).toEqual({ matched: true, conditions: [] });
    expect(matches({ object_types: [], camera_ids: [], zone_ids: [], schedule: {}, conditions: { trust: [] } }, empty)).toBe(true);
  });

  test('takes a score at the threshold; no score is none', () => {
    expect([59, 60, 61].map((threshold) => matches({ risk_threshold: threshold }, event([])))).toEqual([true, true, false]);
    expect(matches({ risk_threshold: 0 }, event([], { riskScore: null }))).toBe(false);
  });

  test('one camera of the list is enough', () => {
    expect(matches({ camera_ids: ['yard', 'gate'] }, event([]))).toBe(true);
    expect(matches({ camera_ids: ['yard'] }, event([]))).toBe(false);
  });

  test.each([
    [['person'], true],
    [['PERSON'], true],
    [['vehicle'], true],
    [['animal'], false],
    [['truck', 'dog'], false],
    [['dog', 'car'], true],
  ])('types %j, with group names and in any case: %s', (types, expected) => {
    expect(matches({ object_types: types }, event([seen(1, 'person', 0.5), seen(2, 'car', 0.9)]))).toBe(expected);
  });

  test('type, confidence and zone must hold for one and the same detection', () => {
    const of = event([
      seen(1, 'person', 0.5, { zoneIds: ['door'] }),
      seen(2, 'person', 0.95, { zoneIds: ['street'] }),
      seen(3, 'car', 0.95, { zoneIds: ['door'] }),
    ]);
    expect(matches({ object_types: ['person'], min_confidence: 0.9 }, of)).toBe(true);
    expect(matches({ object_types: ['person'], zone_ids: ['door'] }, of)).toBe(true);
    const all = matchRule(rule({ object_types: ['person'], min_confidence: 0.9, zone_ids: ['door'] }), of);
    expect(all.matched).toBe(false);
    expect(all.conditions.map(({ condition, holds }) => [condition, holds])).toEqual([
      ['object_types', true],
      ['min_confidence', true],
      ['zone_ids', false],
    ]);
    expect(matches({ min_confidence: 0.95 }, of)).toBe(true);
    expect(matches({ min_confidence: 0.950001 }, of)).toBe(false);
    expect(matches({ zone_ids: ['yard', 'street'] }, of)).toBe(true);
  });

  test('names the best detection that satisfies it, of equals the first', () => {
    const of = event([seen(4, 'person', 0.9), seen(2, 'person', 0.9), seen(3, 'car', 0.99)]);
    expect(matchRule(rule({ object_types: ['person'] }), of).detection?.id).toBe(2);
    expect(matchRule(NOTHING, of).detection?.id).toBe(3);
  });

  test('dwell counts in the listed zones, in any zone when none is listed', () => {
    const of = event([seen(1, 'person', 0.9, { zoneIds: ['door'] })], {
      tracks: tracks([
        [
          1,
          'unknown',
          [
            ['door', 29.999],
            ['street', 60],
          ],
        ],
      ]),
    });
    expect(matches({ conditions: { min_dwell_seconds: 60 } }, of)).toBe(true);
    expect(matches({ conditions: { min_dwell_seconds: 60.001 } }, of)).toBe(false);
    expect(matches({ zone_ids: ['door'], conditions: { min_dwell_seconds: 29.999 } }, of)).toBe(true);
    expect(matches({ zone_ids: ['door'], conditions: { min_dwell_seconds: 30 } }, of)).toBe(false);
    expect(matches({ conditions: { min_dwell_seconds: 1 } }, event([seen(1, 'person', 0.9)]))).toBe(false);
  });

  test('trust is that of the same track; whom nobody was compared with is unknown', () => {
    const of = event([seen(1, 'person', 0.9), seen(2, 'person', 0.5)], {
      tracks: tracks([
        [1, 'member', []],
        [2, 'untrusted', []],
      ]),
    });
    expect(matches({ conditions: { trust: ['untrusted', 'unknown'] } }, of)).toBe(true);
    expect(matches({ min_confidence: 0.6, conditions: { trust: ['untrusted'] } }, of)).toBe(false);
    expect(matches({ conditions: { trust: ['unknown'] } }, of)).toBe(false);
    expect(matches({ conditions: { trust: ['unknown'] } }, event([seen(1, 'person', 0.9, { trackId: null })]))).toBe(true);
    expect(matches({ conditions: { trust: ['member'] } }, event([]))).toBe(false);
  });

  test('anomaly at the value; none is none', () => {
    expect([0.97, 0.9701].map((min_anomaly) => matches({ conditions: { min_anomaly } }, event([])))).toEqual([true, false]);
    expect(matches({ conditions: { min_anomaly: 0 } }, event([], { anomaly: null }))).toBe(false);
  });

  test('counts the tracks that match, not detections', () => {
    const of = event([
      seen(1, 'person', 0.9, { trackId: 7 }),
      seen(2, 'person', 0.9, { trackId: 7 }),
      seen(3, 'person', 0.5, { trackId: 8 }),
    ]);
    expect(matches({ conditions: { object_count: 2 } }, of)).toBe(true);
    expect(matches({ min_confidence: 0.6, conditions: { object_count: 2 } }, of)).toBe(false);
    expect(matches({ conditions: { object_count: 1 } }, event([]))).toBe(false);
  });

  test('of several conditions all must hold, and a miss tells what was wanted and found', () => {
    const wanted = { risk_threshold: 50, camera_ids: ['gate'], schedule: { days: ['saturday' as const] }, object_types: ['cat'] };
    const { matched, conditions } = matchRule(rule(wanted), event([seen(1, 'person', 0.9)]));
    expect(matched).toBe(false);
    expect(conditions.filter(({ holds }) => !holds)).toEqual([
      { condition: 'schedule', holds: false, wanted: { days: ['saturday'] }, found: '2026-01-16T22:00:00.000Z' },
      { condition: 'object_types', holds: false, wanted: ['cat'], found: ['person'] },
    ]);
  });
});
