import { expect, test } from 'vitest';
import { describeTruth } from '../../../scripts/demo/footage/make-footage.ts';
import { SCENARIO } from '../../../scripts/demo/footage/scenario.ts';
import { countEvents } from '../../../scripts/demo/truth.ts';

test.each<[number[], number]>([
  [[], 0],
  [[0], 1],
  [[0, 10, 40, 70, 90], 1],
  [[0, 30, 60, 90, 90.001], 2],
  [[0, 10, 40.001], 2],
  [[0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200], 3],
])('detections at %j seconds make %i events (§6.2)', (seconds, events) => {
  expect(countEvents(seconds.map((second) => second * 1000))).toBe(events);
});

test('the scenario holds what the demo promises', () => {
  const truth = describeTruth(SCENARIO);
  expect(truth.cameras.map(({ cameraId, expectedEvents }) => [cameraId, expectedEvents])).toEqual([
    ['front_door', 5],
    ['driveway', 3],
  ]);
  expect(truth.damaged).toEqual([{ path: 'driveway/2026-03-09/001/dav/07/07.20.00-07.20.24[M][0@0][0].mp4', code: 'truncated' }]);
  expect(truth.quiet).toHaveLength(5);
  expect(truth.files).toBe(26);
});

test('true times do not depend on the zone of the machine: the night clip after the clocks went forward is at 07:10 UTC', () => {
  const driveway = describeTruth(SCENARIO).cameras.find((camera) => camera.cameraId === 'driveway');
  expect(driveway?.moving.map(({ fromMs }) => new Date(fromMs).toISOString().slice(0, 16))).toContain('2026-03-08T07:10');
});
