import { expect, test } from 'vitest';

import { zonesOfDetections, zonesOfTrack, type TrackSighting } from '../../../../src/domain/zones/zones-of-track.ts';
import type { Zone } from '../../../../src/domain/zones/zone.ts';

const PICTURE = { width: 100, height: 100 };

/** Upright strip of the picture between two parts of its width. */
function strip(id: string, [from, to]: [number, number], part: Partial<Zone> = {}): Zone {
  const coordinates = [
    [from, 0],
    [to, 0],
    [to, 1],
    [from, 1],
  ] as const;
  return { id, coordinates, enabled: true, priority: 0, purpose: 'detect', anchor: 'bottom_centre', classes: null, ...part };
}

/** Stands with its middle at `x` per cent. */
function at(second: number, x: number, label = 'person'): TrackSighting {
  return { detectedAtMs: second * 1000, label, box: { x: x - 5, y: 50, width: 10, height: 20 }, picture: PICTURE };
}

const WALK = [at(0, 10), at(1, 30), at(2, 40), at(3, 60), at(4, 90)];

test('without zones or sightings there is nothing', () => {
  expect(zonesOfTrack([], WALK)).toEqual([]);
  expect(zonesOfTrack([strip('a', [0, 1])], [])).toEqual([]);
  expect(zonesOfDetections([strip('a', [0, 1])], [])).toEqual([]);
});

test('entries, exits and dwell of each zone that was visited, the winning zone first (§7)', () => {
  const zones = [strip('all', [0, 1]), strip('left', [0, 0.2]), strip('middle', [0.25, 0.65], { priority: 2 }), strip('none', [0.95, 1])];
  expect(zonesOfTrack(zones, WALK).map(({ visits, ...stay }) => ({ ...stay, visits: visits.length }))).toEqual([
    { zoneId: 'middle', entries: 1, exits: 1, dwellMs: 2000, visits: 1 },
    { zoneId: 'all', entries: 0, exits: 0, dwellMs: 4000, visits: 1 },
    { zoneId: 'left', entries: 0, exits: 1, dwellMs: 0, visits: 1 },
  ]);
});

test('dwell counts up to the end of the event only (§7)', () => {
  expect(zonesOfTrack([strip('middle', [0.25, 0.65])], WALK, 2000)).toMatchObject([{ entries: 1, exits: 0, dwellMs: 1000 }]);
});

test('a zone of one class and a disabled one are not visited by others', () => {
  const zones = [
    strip('cars', [0, 1], { classes: ['vehicle'] }),
    strip('off', [0, 1], { enabled: false }),
    strip('mask', [0, 1], { purpose: 'ignore' }),
  ];
  expect(zonesOfTrack(zones, WALK)).toEqual([]);
  expect(zonesOfTrack(zones, [at(0, 50, 'truck')])).toMatchObject([{ zoneId: 'cars', dwellMs: 0 }]);
});

test('zones of several detections are told once, in the order in which they win', () => {
  const zones = [strip('b', [0, 0.2]), strip('a', [0, 1]), strip('top', [0.8, 1], { priority: 1 }), strip('none', [0.95, 1])];
  expect(zonesOfDetections(zones, WALK)).toEqual(['top', 'a', 'b']);
});
