import { expect, test } from 'vitest';
import type { EventFacts } from '../../../../src/domain/risk/event-facts.ts';
import { DEFAULT_RISK_POINTS } from '../../../../src/domain/risk/risk-points.ts';
import { ruleScore } from '../../../../src/domain/risk/rule-score.ts';
import { anomaly, at, facts, member, subject, UNKNOWN, zoneOf } from './make-facts.ts';

const CAR = { kind: 'vehicle', vehicleId: 7, description: 'Red Volvo', trusted: true } as const;
const NIGHT_VISITOR = { clock: '03:00:00', zone: 'entry_point', seconds: 150 } as const;
const ARRIVED = { cameWithVehicle: { vehicleId: 7, description: 'Red Volvo' } };

function family(clock: string): EventFacts {
  return facts([subject({ label: 'car', clock, zone: 'driveway', identity: CAR }), subject({ clock, zone: 'driveway', more: ARRIVED })]);
}

const knife = { threats: [{ type: 'knife', confidence: 0.8, trackId: null }] };
const blocked = { sceneChanges: [{ id: 1, type: 'view_blocked', detectedAtMs: at('23:00:00') }] } as const;

/** The worked examples of §9.1, in their order. */
const EXAMPLES: [string, EventFacts, number, string][] = [
  ['mail carrier on the sidewalk', facts([subject({ clock: '12:10:00', zone: 'sidewalk' })]), 5, 'low'],
  ['same, usual for the hour', facts([subject({ clock: '12:10:00', zone: 'sidewalk' })], anomaly(0.3)), 0, 'low'],
  ['parcel at the door', facts([subject({ zone: 'entry_point', seconds: 20 })]), 27, 'low'],
  ['visitor at the door', facts([subject({ zone: 'entry_point', seconds: 45 })]), 32, 'medium'],
  ['someone at the door 6 min', facts([subject({ zone: 'entry_point', seconds: 360 })]), 45, 'medium'],
  ['someone at the door 11 min', facts([subject({ zone: 'entry_point', seconds: 660 })]), 55, 'medium'],
  ['unknown person at the door at night', facts([subject(NIGHT_VISITOR)]), 69, 'high'],
  ['same, not recognised, very unusual', facts([subject({ ...NIGHT_VISITOR, identity: UNKNOWN })], anomaly(0.995)), 86, 'critical'],
  ['passer-by at night', facts([subject({ clock: '03:00:00', zone: 'sidewalk' })]), 35, 'medium'],
  ['family car and its driver', family('18:20:00'), 10, 'low'],
  ['same at 23:30', family('23:30:00'), 26, 'low'],
  ['unknown car at night', facts([subject({ label: 'car', clock: '03:00:00', zone: 'driveway' })], anomaly(0.97)), 30, 'medium'],
  ['delivery truck', facts([subject({ label: 'truck', clock: '12:00:00', zone: 'driveway' })]), 12, 'low'],
  ['cat in the yard', facts([subject({ label: 'cat', clock: '02:30:00', zone: 'yard' })], anomaly(0.97)), 2, 'low'],
  ['motion only', facts([subject({ label: 'motion', clock: '02:00:00' })]), 8, 'low'],
  ['person with a knife', facts([subject({ clock: '15:00:00', zone: 'driveway' })], knife), 90, 'critical'],
  [
    'resident and a stranger in the yard',
    facts([
      subject({ clock: '23:00:00', zone: 'yard', identity: member('full', 'inside') }),
      subject({ clock: '23:00:00', zone: 'yard', identity: UNKNOWN }),
    ]),
    60,
    'high',
  ],
  [
    'resident alone at the door, outside schedule',
    facts([subject({ clock: '03:00:00', zone: 'entry_point', identity: member('full', 'outside') })]),
    20,
    'low',
  ],
  [
    'cleaner',
    facts([subject({ clock: '10:00:00', zone: 'entry_point', seconds: 70, identity: member('partial', 'inside', 'service_worker') })]),
    14,
    'low',
  ],
  ['camera blocked and a person in the yard', facts([subject({ clock: '23:00:00', zone: 'yard' })], blocked), 80, 'high'],
  [
    'three unrecognised people',
    facts([1, 2, 3].map(() => subject({ clock: '23:00:00', zone: 'driveway', identity: UNKNOWN }))),
    64,
    'high',
  ],
  [
    'untrusted entity at the door',
    facts([
      subject({ clock: '13:00:00', zone: 'entry_point', identity: { kind: 'entity', entityId: 'e', name: null, trust: 'untrusted' } }),
    ]),
    47,
    'medium',
  ],
];

test.each(EXAMPLES)('%s (§9.1)', (_name, event, score, level) => {
  expect(ruleScore(event)).toMatchObject({ score, level });
});

test.each(EXAMPLES)('%s: its factors add up to its score, each with a sentence of the reasoning', (_name, event) => {
  const { score, factors, reasoning } = ruleScore(event);
  expect(factors.reduce((sum, { points }) => sum + points, 0)).toBe(score);
  for (const { sentence } of factors) expect(reasoning).toContain(sentence);
});

test('nothing, and nonsense, is scored without harm', () => {
  expect(ruleScore(facts([]))).toMatchObject({ score: 0, level: 'low', factors: [], reasoning: '', entities: [] });
  expect(ruleScore(facts([], blocked))).toMatchObject({ score: 25 });
  const nonsense = subject({
    more: { lastSeenMs: -1, bestScore: NaN, frameCount: 0, classGroup: '__proto__', zones: [{ ...zoneOf('yard'), dwellMs: -5 }] },
  });
  const { score, factors } = ruleScore(facts([nonsense]));
  expect(score).toBe(6);
  expect(factors.map(({ id }) => id)).toEqual(['class']);
});

const steps = (seconds: number, zone?: 'yard' | 'sidewalk' | 'other') =>
  ruleScore(facts([subject({ seconds, ...(zone ? { zone } : {}) })])).factors.find(({ id }) => id === 'dwell')?.points ?? 0;

test.each([
  [29.999, 0],
  [30, 5],
  [59.999, 5],
  [60, 12],
  [180, 18],
  [599.999, 18],
  [600, 28],
])('a person who stays %d s in the yard gets %d for it (§9.1 dwell)', (seconds, points) => {
  expect(steps(seconds, 'yard')).toBe(points);
});

test.each([
  [299.999, 'sidewalk', 0],
  [300, 'sidewalk', 10],
  [179.999, undefined, 0],
  [180, undefined, 8],
  [600, undefined, 15],
  [6000, 'other', 0],
] as const)('a person who is there %d s, zone %s, gets %d (§9.1 dwell)', (seconds, zone, points) => {
  expect(steps(seconds, zone)).toBe(points);
});

test.each([
  ['21:59:59', 'person', 5],
  ['22:00:00', 'person', 25],
  ['05:59:59', 'person', 25],
  ['06:00:00', 'person', 5],
  ['06:59:59', 'person', 5],
  ['07:00:00', 'person', -5],
  ['19:59:59', 'person', -5],
  ['20:00:00', 'person', 5],
  ['23:00:00', 'car', 10],
  ['23:00:00', 'bicycle', 10],
  ['23:00:00', 'suitcase', 4],
  ['20:00:00', 'car', 0],
  ['12:00:00', 'car', 0],
  ['03:00:00', 'dog', 0],
])('at %s a %s gets %d for the time (§9.1 time)', (clock, label, points) => {
  expect(ruleScore(facts([subject({ clock, label })])).factors.find(({ id }) => id === 'time')?.points ?? 0).toBe(points);
});

test('the hour is that on the wall at the camera', () => {
  const event = facts([subject({ clock: '14:00:00' })], { camera: { id: 'c', name: 'C', timezone: 'Asia/Tokyo', propertyId: null } });
  expect(ruleScore(event).reasoning).toContain('At 23:00 local time, night (+25).');
});

test('a sidewalk counts only where nothing else was touched, and the strongest zone wins (§9.1 zone)', () => {
  const zones = [zoneOf('sidewalk'), zoneOf('driveway'), zoneOf('entry_point')];
  expect(ruleScore(facts([subject({ more: { zones } })])).reasoning).toContain('In zone The entry_point (entry_point) (+12).');
  const car = subject({ label: 'car', more: { zones: [zoneOf('entry_point'), zoneOf('yard')] } });
  expect(ruleScore(facts([car])).reasoning).toContain('(yard) (+10).');
  expect(ruleScore(facts([subject({ more: { zones: [zoneOf('sidewalk'), zoneOf('other')] } })])).score).toBe(15);
});

test.each([
  ['inside', 5],
  ['none', 10],
  ['outside', 20],
] as const)('a fully trusted member %s the schedule has at most %d (§9.1 identity)', (schedule, score) => {
  const event = facts([subject({ ...NIGHT_VISITOR, identity: member('full', schedule) })], anomaly(0.999));
  expect(ruleScore(event).score).toBe(score);
});

test('a member who is only watched is named and changes nothing (§10.1)', () => {
  const { score, reasoning } = ruleScore(facts([subject({ identity: member('monitor', 'inside', 'service_worker') })]));
  expect([score, reasoning]).toEqual([15, expect.stringContaining('Anna recognised (monitor).')]);
});

test.each([
  [4, 9, 0],
  [5, 2, 0],
  [5, 3, -5],
  [20, 6, -5],
  [20, 7, -10],
])('someone unknown seen %d times on %d days gets %d (§9.1 familiar)', (sightings, days, points) => {
  const identity = { kind: 'unknown', entityId: 'e', name: null, sightings, days } as const;
  expect(ruleScore(facts([subject({ clock: '03:00:00', identity })])).score).toBe(50 + points);
});

test('people count together as far as they are there at once, known ones and those with a car left out (§9.1 group)', () => {
  const people = (...clocks: string[]) => clocks.map((clock) => subject({ clock, seconds: 5 }));
  const scoreOf = (event: EventFacts) => ruleScore(event).score;
  expect(scoreOf(facts(people('12:00:00', '12:00:05')))).toBe(19);
  expect(scoreOf(facts(people('12:00:00', '12:00:06')))).toBe(15);
  expect(scoreOf(facts(people(...Array.from({ length: 9 }, () => '12:00:00'))))).toBe(27);
  const known = [subject({ identity: member('full', 'inside') }), subject({ more: ARRIVED })];
  expect(scoreOf(facts([...people('14:00:00'), ...known]))).toBe(15);
});

test.each([
  [0.5, -5],
  [0.5001, 0],
  [0.9499, 0],
  [0.95, 8],
  [0.9899, 8],
  [0.99, 12],
])('an anomaly of %d adds %d (§9.1 baseline)', (value, points) => {
  expect(ruleScore(facts([subject()], anomaly(value))).score).toBe(15 + points);
});

test('an unusual hour is told with its numbers', () => {
  expect(ruleScore(facts([subject()], anomaly(0.97))).reasoning).toContain(
    'Unusual for Wednesday 14:00–15:00: expected 0.10, seen 1 (+8).',
  );
});

test('whoever goes from camera to camera gets points for each, at most for two (§9.1 cameras)', () => {
  const sighting = (cameraId: string, more: object = {}) => ({
    cameraId,
    cameraName: cameraId,
    label: 'person',
    atMs: 0,
    entityId: null,
    ...more,
  });
  const scoreOf = (sightings: EventFacts['otherCameras']['sightings'], identity = subject().identity) =>
    ruleScore(facts([subject({ identity })], { otherCameras: { hasCoverage: true, sightings } })).score;
  expect(scoreOf([sighting('a'), sighting('a')])).toBe(20);
  expect(scoreOf(['a', 'b', 'c'].map((id) => sighting(id)))).toBe(25);
  expect(scoreOf([sighting('a', { label: 'car' }), sighting('b', { isTrusted: true })])).toBe(15);
  const known = { ...UNKNOWN, entityId: 'e' };
  expect(scoreOf([sighting('a', { entityId: 'e' }), sighting('b', { entityId: 'other' }), sighting('c')], known)).toBe(25);
  expect(scoreOf([sighting('a')], UNKNOWN), 'nobody to compare with').toBe(20);
});

test.each([
  [{ bestScore: 0.5999 }, 10],
  [{ bestScore: 0.6 }, 15],
  [{ frameCount: 1 }, 10],
  [{ frameCount: 1, isStill: true }, 15],
])('weak evidence %j leads to %d (§9.1 evidence)', (more, score) => {
  expect(ruleScore(facts([subject({ more })])).score).toBe(score);
});

test('of several changes of the view the worst counts, whoever is there (§9.1 scene)', () => {
  const sceneChanges = (['unknown', 'angle_changed', 'view_tampered'] as const).map((type, id) => ({ id, type, detectedAtMs: 0 }));
  expect(ruleScore(facts([subject({ identity: member('full', 'inside') })], { sceneChanges })).score).toBe(25);
});

test('a score stays within 0 and 100, and says so', () => {
  const worst = facts(
    [1, 2, 3, 4].map(() => subject({ clock: '03:00:00', zone: 'entry_point', seconds: 900, identity: UNKNOWN })),
    { ...anomaly(1), ...blocked },
  );
  const { score, reasoning } = ruleScore(worst);
  expect([score, reasoning]).toEqual([100, expect.stringContaining('At most 100 (−39).')]);
});

test('a resident never lowers a stranger, nor does a weak detection a sure one', () => {
  const stranger = subject({ zone: 'sidewalk' });
  const alone = ruleScore(facts([stranger], anomaly(0.999))).score;
  const resident = subject({ clock: '14:00:00', zone: 'entry_point', seconds: 900, identity: member('full', 'outside') });
  expect(ruleScore(facts([stranger, resident], anomaly(0.999))).score).toBeGreaterThanOrEqual(alone);
  const weak = subject({ zone: 'entry_point', more: { bestScore: 0.4 } });
  const sure = subject({ zone: 'entry_point' });
  expect(ruleScore(facts([sure, { ...weak, cameWithVehicle: null }])).score).toBeGreaterThanOrEqual(ruleScore(facts([sure])).score);
});

test('points are settings (§9.1)', () => {
  const points = { ...DEFAULT_RISK_POINTS, class: { ...DEFAULT_RISK_POINTS.class, person: 50 } };
  expect(ruleScore(facts([subject()]), { points }).score).toBe(45);
  expect(ruleScore(facts([subject()]), { thresholds: { low: 5, medium: 10, high: 15 } })).toMatchObject({
    level: 'critical',
    recommendedAction: 'Review now and decide whether to call for help.',
  });
});
