import { expect, test } from 'vitest';

import { anchorPoint, areZonesSuspect, isIgnoredByZone, isInZone, motionMask, zoneHits } from '../../../../src/domain/zones/zone-hits.ts';
import type { Zone, ZonePoint } from '../../../../src/domain/zones/zone.ts';
import { makeDetection, shuffle, seededRandom } from '../make-detections.ts';

const PICTURE = { width: 1000, height: 1000 };
const LOWER_HALF: ZonePoint[] = [
  [0, 0.5],
  [1, 0.5],
  [1, 1],
  [0, 1],
];

function zone(id: string, part: Partial<Zone> = {}): Zone {
  return { id, coordinates: LOWER_HALF, enabled: true, priority: 0, purpose: 'detect', anchor: 'bottom_centre', classes: null, ...part };
}

/** A person whose feet are in the lower half and whose middle is in the upper one. */
const STANDING = makeDetection(1, 0, { picture: PICTURE, box: { x: 400, y: 100, width: 100, height: 450 } });

test('no zones, no hits', () => {
  expect(zoneHits([], STANDING)).toEqual([]);
  expect(isIgnoredByZone([], STANDING)).toBe(false);
  expect(motionMask([], PICTURE)).toBeUndefined();
});

test('the anchor of 120×300 at (900,400) in 1920×1080 is (0.5, 0.6481) (§7)', () => {
  const box = { x: 900, y: 400, width: 120, height: 300 };
  const [x, y] = anchorPoint(box, { width: 1920, height: 1080 });
  expect(x).toBeCloseTo(0.5, 10);
  expect(y).toBeCloseTo(0.6481, 4);
  expect(anchorPoint(box, { width: 1920, height: 1080 }, 'centre')).toEqual([0.5, 550 / 1080]);
});

test('the anchor of a box that reaches out of the picture is on its lower border, and inside a zone that ends there (§7)', () => {
  const box = { x: 400, y: 900, width: 100, height: 150 };
  expect(anchorPoint(box, PICTURE)).toEqual([0.45, 1]);
  expect(isInZone(zone('a'), box, PICTURE)).toBe(true);
});

test.each([
  ['bottom_centre', { x: 400, y: 100, width: 100, height: 450 }, true],
  ['centre', { x: 400, y: 100, width: 100, height: 450 }, false],
  ['centre', { x: 400, y: 100, width: 100, height: 800 }, true],
  ['overlap', { x: 400, y: 100, width: 100, height: 450 }, true],
  ['overlap', { x: 400, y: 100, width: 100, height: 399 }, false],
  ['overlap', { x: 400, y: 100, width: 100, height: 400 }, true],
] as const)('anchor %s of the box %j is in the lower half: %s (§7)', (anchor, box, inside) => {
  expect(isInZone(zone('a', { anchor }), box, PICTURE)).toBe(inside);
});

test('all hits are kept, by priority, then by id; disabled zones never hit (§7)', () => {
  const zones = [
    zone('yard'),
    zone('door', { priority: 5 }),
    zone('Yard'),
    zone('off', { priority: 9, enabled: false }),
    zone('step', { priority: 5 }),
    zone('sky', {
      coordinates: [
        [0, 0],
        [1, 0],
        [1, 0.4],
      ],
      priority: 9,
    }),
  ];
  for (let seed = 0; seed < 20; seed += 1) {
    const hits = zoneHits(shuffle(zones, seededRandom(seed)), STANDING);
    expect(hits.map(({ zoneId }) => zoneId)).toEqual(['door', 'step', 'Yard', 'yard']);
  }
});

test('only zones of purpose detect are hits; only ignore zones leave detections out (§7)', () => {
  const purposes = [zone('a'), zone('b', { purpose: 'motion_mask' }), zone('c', { purpose: 'ignore' })];
  expect(zoneHits(purposes, STANDING).map(({ zoneId }) => zoneId)).toEqual(['a']);
  expect(isIgnoredByZone(purposes, STANDING)).toBe(true);
  expect(isIgnoredByZone(purposes.slice(0, 2), STANDING)).toBe(false);
  expect(isIgnoredByZone([zone('c', { purpose: 'ignore', enabled: false })], STANDING)).toBe(false);
});

test.each([
  [null, true, true],
  [['person'], true, false],
  [['car'], false, true],
  [['vehicle'], false, true],
  [[], false, false],
])('an ignore zone for %j leaves out a person: %s, a car: %s (§7)', (classes, person, car) => {
  const zones = [zone('a', { purpose: 'ignore', classes })];
  expect(isIgnoredByZone(zones, STANDING)).toBe(person);
  expect(isIgnoredByZone(zones, { ...STANDING, label: 'car' })).toBe(car);
});

test('hits of a camera with a changed view say that they are in doubt (§7)', () => {
  expect(zoneHits([zone('a')], STANDING, true)).toEqual([{ zoneId: 'a', zoneSuspect: true }]);
  expect(zoneHits([zone('a')], STANDING)).toEqual([{ zoneId: 'a', zoneSuspect: false }]);
});

test.each([
  ['view_blocked', false, false],
  ['unknown', false, false],
  ['angle_changed', false, true],
  ['view_tampered', false, true],
  ['angle_changed', true, false],
] as const)('a finding %s, acknowledged %s, puts zones in doubt: %s (§7)', (changeType, acknowledged, suspect) => {
  expect(
    areZonesSuspect([
      { changeType: 'unknown', acknowledged: false },
      { changeType, acknowledged },
    ]),
  ).toBe(suspect);
  expect(areZonesSuspect([])).toBe(false);
});

test('pixels in motion masks and ignore zones are masked, in those of other classes not (§3.2, §7)', () => {
  const size = { width: 4, height: 4 };
  const lower = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];
  expect([...motionMask([zone('a', { purpose: 'motion_mask' })], size)!]).toEqual(lower);
  expect([...motionMask([zone('a', { purpose: 'ignore' })], size)!]).toEqual(lower);
  expect([...motionMask([zone('a', { purpose: 'ignore', classes: ['motion'] })], size)!]).toEqual(lower);
  expect(motionMask([zone('a', { purpose: 'ignore', classes: ['car'] })], size)).toBeUndefined();
  expect(motionMask([zone('a'), zone('b', { purpose: 'motion_mask', enabled: false })], size)).toBeUndefined();
});
