import { expect, test } from 'vitest';

import { chooseMoments, type Sighting } from '../../../../src/domain/clips/choose-moments.ts';

/** Seen every second in one file, by nobody in particular and equally well. */
const seen = (second: number, more: Partial<Sighting> = {}): Sighting => ({
  fileId: 1,
  offsetMs: second * 1000,
  atMs: second * 1000,
  trackId: null,
  confidence: 0.5,
  areaShare: 0.1,
  ...more,
});
const seconds = (...numbers: number[]): Sighting[] => numbers.map((second) => seen(second));
const shown = (sightings: readonly Sighting[], most: number): string =>
  chooseMoments(sightings, most)
    .map(({ why, seen: { atMs } }) => `${String(atMs / 1000)} ${why}`)
    .join(', ');

test.each([
  ['nothing was seen', [], 12, ''],
  ['no frame is wanted', seconds(1), 0, ''],
  ['one frame is all there is', [seen(1), seen(1, { trackId: 7 })], 12, '1 first'],
  ['there are fewer frames than wanted', seconds(3, 1, 2), 12, '1 first, 2 between, 3 last'],
  ['there are more', seconds(0, 1, 2, 3, 4, 5, 6, 7, 8), 5, '0 first, 2 between, 4 between, 6 between, 8 last'],
  ['only two fit', seconds(0, 1, 2), 2, '0 first, 2 last'],
  [
    'a track is shown best in the middle',
    [...seconds(0, 9), seen(4, { trackId: 1 }), seen(5, { trackId: 1, confidence: 0.9 }), seen(6, { trackId: 1, areaShare: 0.05 })],
    3,
    '0 first, 5 best, 9 last',
  ],
  [
    'there are more tracks than places',
    [...seconds(0, 9), seen(4, { trackId: 1 }), seen(5, { trackId: 2, areaShare: 0.3 }), seen(6, { trackId: 3, areaShare: 0.2 })],
    4,
    '0 first, 5 best, 6 best, 9 last',
  ],
  ['two files show the same moment', [seen(1), seen(1, { fileId: 2 })], 12, '1 first, 1 last'],
])('where %s the most telling frames are chosen', (_, sightings, most, expected) => {
  expect(shown(sightings, most)).toBe(expected);
});
