import { expect, test } from 'vitest';
import { positionAt, visibleSpan } from '../../../scripts/demo/footage/movement.ts';
import { dahuaStillPath, dahuaVideoPath, reolinkPath } from '../../../scripts/demo/footage/vendor-paths.ts';

test('names files as the cameras do (§1.3)', () => {
  expect(reolinkPath('Front Door', '2026-01-14T08:15:00-05:00', 'mp4')).toBe('2026/01/14/Front Door_00_20260114081500.mp4');
  expect(dahuaVideoPath('2026-01-14T08:15:00-05:00', '2026-01-14T08:15:25')).toBe('2026-01-14/001/dav/08/08.15.00-08.15.25[M][0@0][0].mp4');
  expect(dahuaStillPath('2026-01-14T08:15:00')).toBe('2026-01-14/001/jpg/08/15/00[R][0@0][0].jpg');
});

const path = [
  { atMs: 1_000, x: -100, y: 300 },
  { atMs: 2_000, x: 100, y: 300 },
  { atMs: 3_000, x: 100, y: 300 },
];

test.each<[number, ReturnType<typeof positionAt>]>([
  [999, undefined],
  [1_000, { x: -100, y: 300, moving: true }],
  [1_500, { x: 0, y: 300, moving: true }],
  [2_500, { x: 100, y: 300, moving: false }],
  [9_000, { x: 100, y: 300, moving: false }],
])('a figure at %i ms', (atMs, position) => {
  expect(positionAt(path, atMs)).toEqual(position);
});

test('a figure counts from when its middle is in the frame until it stops', () => {
  expect(visibleSpan(path, 10_000)).toEqual({ fromMs: 1_500, toMs: 1_900 });
  expect(visibleSpan(path, 1_400)).toBeUndefined();
  expect(visibleSpan([], 10_000)).toBeUndefined();
});
