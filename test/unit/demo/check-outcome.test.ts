import { expect, test } from 'vitest';
import { checkOutcome, type Outcome } from '../../../scripts/demo/check-outcome.ts';
import type { DemoTruth } from '../../../scripts/demo/truth.ts';

const T0 = Date.parse('2026-03-07T13:15:00Z');

const truth: DemoTruth = {
  zone: 'America/New_York',
  files: 3,
  cameras: [{ cameraId: 'gate', moving: [{ fromMs: T0 + 2_000, toMs: T0 + 12_000 }], expectedEvents: 1 }],
  damaged: [{ path: 'gate/cut.mp4', code: 'truncated' }],
  quiet: ['gate/quiet.mp4'],
};

function goodOutcome(): Outcome {
  return {
    events: [{ id: '1', cameraId: 'gate', fromMs: T0 + 2_500, toMs: T0 + 12_000 }],
    files: [
      { path: 'gate/visit.mp4', status: 'done', code: '', detections: 9 },
      { path: 'gate/cut.mp4', status: 'partial', code: 'truncated', detections: 4 },
      { path: 'gate/quiet.mp4', status: 'done', code: '', detections: 0 },
    ],
    unchangedByRepeat: true,
  };
}

function failedClaims(outcome: Outcome): string[] {
  return checkOutcome(truth, outcome)
    .filter((check) => check.problems.length > 0)
    .map((check) => check.claim);
}

test('finds nothing wrong with a true outcome', () => {
  expect(failedClaims(goodOutcome())).toEqual([]);
});

test('an empty outcome fails every claim that needs something found', () => {
  expect(failedClaims({ events: [], files: [], unchangedByRepeat: true })).toEqual([
    'all 3 files are known',
    'every drawn movement is covered by an event of its camera',
    'the number of events is the one the grouping rule gives',
    'exactly the damaged file is named, with its reason',
  ]);
});

test.each<[string, (outcome: Outcome) => void, string]>([
  [
    'an event that starts too late',
    (o) => (o.events = [{ id: '1', cameraId: 'gate', fromMs: T0 + 6_000, toMs: T0 + 12_000 }]),
    'every drawn movement is covered by an event of its camera',
  ],
  [
    'an event where nothing moved',
    (o) => o.events.push({ id: '2', cameraId: 'gate', fromMs: T0 + 600_000, toMs: T0 + 601_000 }),
    'no event where nothing moved',
  ],
  [
    'an event of another camera',
    (o) => o.events.push({ id: '2', cameraId: 'yard', fromMs: T0 + 3_000, toMs: T0 + 4_000 }),
    'no event where nothing moved',
  ],
  [
    'an event that goes on long after',
    (o) => (o.events = [{ id: '1', cameraId: 'gate', fromMs: T0 + 2_500, toMs: T0 + 40_000 }]),
    'no event where nothing moved',
  ],
  [
    'one visit cut into two events',
    (o) =>
      (o.events = [
        { id: '1', cameraId: 'gate', fromMs: T0 + 2_500, toMs: T0 + 6_000 },
        { id: '2', cameraId: 'gate', fromMs: T0 + 7_000, toMs: T0 + 12_000 },
      ]),
    'the number of events is the one the grouping rule gives',
  ],
  [
    'a detection in quiet footage',
    (o) => (o.files[2] = { path: 'gate/quiet.mp4', status: 'done', code: '', detections: 1 }),
    'quiet footage and the sudden sunshine gave no detection',
  ],
  [
    'quiet footage that was not read',
    (o) => (o.files[2] = { path: 'gate/quiet.mp4', status: 'failed', code: 'inference_failed', detections: 0 }),
    'quiet footage and the sudden sunshine gave no detection',
  ],
  [
    'a wrong reason for the damage',
    (o) => (o.files[1] = { path: 'gate/cut.mp4', status: 'failed', code: 'no_frames', detections: 0 }),
    'exactly the damaged file is named, with its reason',
  ],
  [
    'a good file named as damaged',
    (o) => (o.files[0] = { path: 'gate/visit.mp4', status: 'partial', code: 'corrupt_frames', detections: 9 }),
    'exactly the damaged file is named, with its reason',
  ],
  ['a repeat that changed something', (o) => (o.unchangedByRepeat = false), 'a second ingest of the same folder changed nothing'],
])('notices %s', (_what, spoil, claim) => {
  const outcome = goodOutcome();
  spoil(outcome);
  expect(failedClaims(outcome)).toContain(claim);
});
