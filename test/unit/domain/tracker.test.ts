import { describe, expect, test } from 'vitest';
import { maxReach } from '../../../src/domain/track-association.ts';
import { predictBox, startTrack, extendTrack } from '../../../src/domain/track.ts';
import type { TrackedDetection } from '../../../src/domain/track.ts';
import { createTracker, deriveTracks, isSafeTrackStart } from '../../../src/domain/tracker.ts';
import { centreDistance, diagonal } from '../../../src/domain/box.ts';
import { iouXywh } from '../../../src/domain/iou.ts';
import { boxAt, makeTracked } from './make-detections.ts';

const PICTURE = { width: 1920, height: 1080 };

/** Tracks of the detections, with analysed frames every `stepMs` up to `untilMs`. */
function derive(detections: TrackedDetection[], { stepMs = 500, untilMs = 0, isStill = false } = {}) {
  const lastMs = Math.max(untilMs, ...detections.map(({ detectedAtMs }) => detectedAtMs));
  const frames = Array.from({ length: Math.floor(lastMs / stepMs) + 1 }, (_, i) => ({ atMs: i * stepMs, isStill }));
  return deriveTracks(detections, frames, {});
}

function idsOf(tracks: { detectionIds: number[] }[]): number[][] {
  return tracks.map(({ detectionIds }) => detectionIds);
}

test('nothing in, no tracks', () => {
  expect(deriveTracks([], [], {})).toEqual([]);
  expect(deriveTracks([], [{ atMs: 0, isStill: false }], {})).toEqual([]);
});

test('the walker of the rule is one track (§5.2)', () => {
  const boxes = [100, 165, 230, 297].map((x) => boxAt(x));
  const walker = boxes.map((box, i) => makeTracked(i + 1, i * 500, { box }));
  const live = startTrack(1, walker[0]!);
  expect(iouXywh(predictBox(live, 500, PICTURE), boxes[1]!)).toBe(0);
  expect(centreDistance(boxes[0]!, boxes[1]!) / diagonal(boxes[0]!)).toBeCloseTo(0.4023, 4);
  extendTrack(live, walker[1]!);
  expect(iouXywh(predictBox(live, 1000, PICTURE), boxes[2]!)).toBeCloseTo(1, 4);
  extendTrack(live, walker[2]!);
  expect(iouXywh(predictBox(live, 1500, PICTURE), boxes[3]!)).toBeCloseTo(0.9355, 4);

  const tracks = derive(walker);
  expect(tracks).toHaveLength(1);
  expect(tracks[0]).toMatchObject({
    number: 1,
    detectionIds: [1, 2, 3, 4],
    attachedStaticIds: [],
    firstMs: 0,
    lastMs: 1500,
    label: 'person',
    group: 'person',
    confirmed: true,
    endReason: 'end_of_input',
    maxScore: 0.9,
    bestDetectionId: 1,
    totalDistancePx: 197,
  });
  expect(tracks[0]?.trajectory[0]).toEqual({ x: 130, y: 250, tMs: 0 });
  expect(tracks[0]?.avgSpeedPxPerS).toBeCloseTo(197 / 1.5, 6);
});

test('the first step of a runner is within reach (§5.2)', () => {
  expect(diagonal(boxAt(0))).toBeCloseTo(161.55, 2);
  expect(176 / diagonal(boxAt(0))).toBeCloseTo(1.0894, 4);
  const at = (x: number) => idsOf(derive([makeTracked(1, 0, { box: boxAt(100) }), makeTracked(2, 500, { box: boxAt(100 + x) })]));
  expect(at(176)).toEqual([[1, 2]]);
  // 1.25 × 161.55 = 201.9
  expect(at(201)).toEqual([[1, 2]]);
  expect(at(203)).toEqual([[1], [2]]);
});

test.each([
  [0, 0.25],
  [200, 0.65],
  [500, 1.25],
  [874, 1.998],
  [875, 2],
  [60_000, 2],
])('%i ms after the last box the reach is %d diagonals (§5.2)', (elapsedMs, reach) => {
  expect(maxReach(elapsedMs)).toBeCloseTo(reach, 6);
});

test('the position is predicted at most 2 s ahead (§5.2)', () => {
  const live = startTrack(1, makeTracked(1, 0, { box: boxAt(100) }));
  expect(predictBox(live, 9000, PICTURE)).toEqual(boxAt(100));
  extendTrack(live, makeTracked(2, 500, { box: boxAt(110) }));
  expect(predictBox(live, 1500, PICTURE).x).toBeCloseTo(130);
  expect(predictBox(live, 60_000, PICTURE).x).toBeCloseTo(150);
});

test('a box of a smaller picture is compared at the same scale', () => {
  const small = { box: { x: 55, y: 50, width: 30, height: 75 }, picture: { width: 960, height: 540 } };
  const tracks = derive([makeTracked(1, 0), makeTracked(2, 500, small)]);
  expect(idsOf(tracks)).toEqual([[1, 2]]);
  expect(tracks[0]?.totalDistancePx).toBe(5);
});

describe('association (§5.2)', () => {
  test.each([
    ['0.5 of overlap keeps a weak detection', 50, 0.3, [[1, 2]]],
    ['less does not, and a weak one starts no track', 51, 0.3, [[1]]],
    ['a detection below 0.25 is not used at all', 0, 0.24, [[1]]],
    ['a strong one needs 0.2 or reach only', 51, 0.9, [[1, 2]]],
  ])('%s', (_, shift, score, expected) => {
    // 150 high, shifted down by 50: IoU 100/200.
    const tracks = derive([makeTracked(1, 0, { box: boxAt(100, 100) }), makeTracked(2, 500, { box: boxAt(100, 100 + shift), score })]);
    expect(idsOf(tracks)).toEqual(expected);
  });

  test.each([
    [490, [[1, 2]]],
    [510, [[1], [2]]],
  ])('a box %i high around one of 100 belongs to it by overlap alone, from 0.2 on', (height, expected) => {
    const tracks = derive([
      makeTracked(1, 0, { box: boxAt(100, 100, 60, 100) }),
      makeTracked(2, 500, { box: boxAt(100, 100, 60, height) }),
    ]);
    expect(idsOf(tracks)).toEqual(expected);
  });

  test('classes of different groups never share a track, those of one group do', () => {
    const pair = (second: string) => idsOf(derive([makeTracked(1, 0, { label: 'car' }), makeTracked(2, 500, { label: second })]));
    expect(pair('truck')).toEqual([[1, 2]]);
    expect(pair('person')).toEqual([[1], [2]]);
    expect(pair('motion')).toEqual([[1], [2]]);
  });

  test('the better overlap wins, whatever the order of detections', () => {
    const tracks = derive([
      makeTracked(1, 0, { box: boxAt(100) }),
      makeTracked(2, 500, { box: boxAt(130) }),
      makeTracked(3, 500, { box: boxAt(105) }),
    ]);
    expect(idsOf(tracks)).toEqual([[1, 3], [2]]);
  });

  test('of two equal ones the earlier track takes the earlier detection', () => {
    const tracks = derive([
      makeTracked(1, 0, { box: boxAt(100) }),
      makeTracked(2, 0, { box: boxAt(100) }),
      makeTracked(3, 500, { box: boxAt(100) }),
      makeTracked(4, 500, { box: boxAt(100) }),
    ]);
    expect(idsOf(tracks)).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  test('a size beyond 0.4 … 2.5 of the area does not match by distance', () => {
    const withHeight = (height: number) =>
      idsOf(derive([makeTracked(1, 0, { box: boxAt(100) }), makeTracked(2, 500, { box: { x: 165, y: 100, width: 60, height } })]));
    expect(withHeight(60)).toEqual([[1, 2]]);
    expect(withHeight(59)).toEqual([[1], [2]]);
    expect(withHeight(375)).toEqual([[1, 2]]);
    expect(withHeight(376)).toEqual([[1], [2]]);
  });

  test('two people who cross keep their tracks', () => {
    const crossing = Array.from({ length: 9 }, (_, i) => [
      makeTracked(2 * i, i * 500, { box: boxAt(100 + 40 * i) }),
      makeTracked(2 * i + 1, i * 500, { box: boxAt(430 - 40 * i, 130) }),
    ]).flat();
    const tracks = derive(crossing);
    expect(tracks.map(({ detectionIds }) => new Set(detectionIds.map((id) => id % 2)).size)).toEqual([1, 1]);
  });

  test('a gate of the settings decides what is strong', () => {
    const found = [makeTracked(1, 0, { score: 0.6 })];
    expect(deriveTracks(found, [], { gates: { person: 0.7 } })).toEqual([]);
    expect(deriveTracks(found, [], { gates: { person: 0.6 } })).toHaveLength(1);
  });
});

describe('end of a track (§5.2)', () => {
  const returns = (atMs: number) => [makeTracked(1, 0), makeTracked(2, atMs)];

  test('missed for 3 s and in 3 frames', () => {
    expect(idsOf(derive(returns(2500)))).toEqual([[1, 2]]);
    const [first, second] = derive(returns(3000));
    expect(first).toMatchObject({ detectionIds: [1], endReason: 'missed', lastMs: 0, closedAtMs: 3000 });
    expect(second).toMatchObject({ detectionIds: [2], number: 2 });
  });

  test('3 s with only two frames in between are not enough', () => {
    expect(idsOf(derive(returns(9000), { stepMs: 3000 }))).toEqual([[1, 2]]);
    expect(idsOf(derive(returns(12_000), { stepMs: 3000 }))).toEqual([[1], [2]]);
  });

  test('more than 65 s without an analysed frame', () => {
    expect(idsOf(derive(returns(65_000), { stepMs: 65_000 }))).toEqual([[1, 2]]);
    const [first] = derive(returns(65_001), { stepMs: 65_001 });
    expect(first).toMatchObject({ endReason: 'no_frames', closedAtMs: 65_001 });
  });

  test('stills may be 120 s apart', () => {
    const stills = (atMs: number) => returns(atMs).map((detection) => ({ ...detection, isStill: true }));
    expect(idsOf(derive(stills(120_000), { stepMs: 120_000, isStill: true }))).toEqual([[1, 2]]);
    expect(idsOf(derive(stills(120_001), { stepMs: 120_001, isStill: true }))).toEqual([[1], [2]]);
  });

  test.each([
    [9_999, false, [[1, 2]]],
    [10_000, false, [[1], [2]]],
    [120_000, true, [[1, 2]]],
    [120_001, true, [[1], [2]]],
  ])('a coverage gap of %i ms (stills: %s)', (gapBeforeMs, isStill, expected) => {
    const frames = [
      { atMs: 0, isStill },
      { atMs: 20_000, isStill, gapBeforeMs },
    ];
    const detections = returns(20_000).map((detection) => ({ ...detection, isStill }));
    expect(idsOf(deriveTracks(detections, frames, {}))).toEqual(expected);
  });

  test('frames without detections let a track end before the input does', () => {
    expect(derive([makeTracked(1, 0)], { untilMs: 10_000 })[0]).toMatchObject({ endReason: 'missed', closedAtMs: 3000 });
  });
});

describe('standing objects (§5.2)', () => {
  const stand = (label: string, staticFromMs: number, untilMs: number) =>
    Array.from({ length: Math.floor(untilMs / 1000) + 1 }, (_, i) =>
      makeTracked(i + 1, i * 1000, { label, isStatic: i * 1000 >= staticFromMs }),
    );

  test.each(['car', 'bicycle', 'motion', 'umbrella'])('a %s that stands ends its track', (label) => {
    const tracks = derive(stand(label, 3000, 20_000), { stepMs: 1000 });
    expect(tracks).toHaveLength(1);
    expect(tracks[0]).toMatchObject({
      detectionIds: [1, 2, 3],
      attachedStaticIds: [4],
      endReason: 'parked',
      lastMs: 3000,
      closedAtMs: 3000,
    });
  });

  test.each(['person', 'dog'])('a %s that stands stays in its track for half an hour', (label) => {
    const tracks = derive(stand(label, 3000, 1_900_000), { stepMs: 1000 });
    expect(tracks).toHaveLength(1);
    // The last moving one is at 2 s.
    expect(tracks[0]).toMatchObject({ detectionIds: [1, 2, 3], endReason: 'stood_still', lastMs: 1_802_000 });
    expect(tracks[0]?.attachedStaticIds).toHaveLength(1800);
  });

  test('a person who moves again starts the half hour anew', () => {
    const moves = stand('person', 3000, 1_900_000).map((detection) => ({
      ...detection,
      isStatic: detection.isStatic && detection.id !== 1001,
    }));
    expect(derive(moves, { stepMs: 1000 })).toMatchObject([{ endReason: 'end_of_input', detectionIds: [1, 2, 3, 1001] }]);
  });

  test('a standing object starts no track', () => {
    expect(derive([makeTracked(1, 0, { isStatic: true })])).toEqual([]);
  });

  test('a car that passes a parked one goes on', () => {
    const parked = (id: number, atMs: number) => makeTracked(id, atMs, { label: 'car', isStatic: true, box: boxAt(500, 300, 200, 100) });
    const passing = (id: number, atMs: number, x: number) => makeTracked(id, atMs, { label: 'car', box: boxAt(x, 420, 200, 100) });
    // Hidden in the third frame, where only the parked one is in reach.
    const tracks = derive([
      ...[0, 500, 1000, 1500].map((atMs, i) => parked(10 + i, atMs)),
      passing(1, 0, 100),
      passing(2, 500, 300),
      passing(3, 1500, 700),
    ]);
    expect(tracks).toMatchObject([{ detectionIds: [1, 2, 3], attachedStaticIds: [] }]);
  });
});

describe('what a track says (§5.2)', () => {
  test.each([
    ['one weak sighting', [makeTracked(1, 0, { score: 0.79 })], false],
    ['one sure sighting', [makeTracked(1, 0, { score: 0.8 })], true],
    ['two weak sightings', [makeTracked(1, 0, { score: 0.5 }), makeTracked(2, 500, { score: 0.3 })], true],
    ['a still', [makeTracked(1, 0, { score: 0.5, isStill: true })], true],
  ])('%s confirms it: %s', (_, detections, confirmed) => {
    expect(derive(detections)).toMatchObject([{ confirmed }]);
  });

  test('the label has the largest sum of scores, of equal ones the first by name', () => {
    const labelOf = (...found: [label: string, score: number][]) =>
      derive(found.map(([label, score], i) => makeTracked(i + 1, i * 500, { label, score })))[0]?.label;
    expect(labelOf(['truck', 0.9], ['car', 0.5], ['car', 0.5])).toBe('car');
    expect(labelOf(['truck', 0.5], ['car', 0.5])).toBe('car');
    expect(labelOf(['car', 0.5], ['truck', 0.5])).toBe('car');
  });

  test('the best detection is the surest, of equal ones the first', () => {
    const scores = [0.6, 0.9, 0.9, 0.7];
    const tracks = derive(scores.map((score, i) => makeTracked(i + 1, i * 500, { score })));
    expect(tracks).toMatchObject([{ bestDetectionId: 2, maxScore: 0.9 }]);
  });

  test('a single sighting has no speed', () => {
    expect(derive([makeTracked(1, 0)])).toMatchObject([{ totalDistancePx: 0, avgSpeedPxPerS: 0 }]);
  });
});

test('two files that show one object at the same instants give one track', () => {
  const found = Array.from({ length: 6 }, (_, i) =>
    ['aa', 'bb'].map((fileSha256, file) => makeTracked(2 * i + file, i * 500, { fileSha256, box: boxAt(100 + 20 * i) })),
  ).flat();
  expect(idsOf(derive(found))).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]]);
});

test('frame by frame a tracker holds live tracks only', () => {
  const tracker = createTracker({});
  expect(tracker.step({ atMs: 0, isStill: false, detections: [makeTracked(1, 0)] })).toEqual([]);
  expect(tracker.liveCount()).toBe(1);
  const ended = tracker.step({ atMs: 70_000, isStill: false, detections: [] });
  expect(ended).toMatchObject([{ number: 1, endReason: 'no_frames' }]);
  expect(tracker.liveCount()).toBe(0);
  expect(tracker.finish()).toEqual([]);
});

test('tracking may start where no track is live (§5.2)', () => {
  const [track] = derive([makeTracked(1, 1000), makeTracked(2, 1500)], { untilMs: 10_000 });
  expect(track?.closedAtMs).toBe(4500);
  expect([0, 1000, 1001, 1500, 4499, 4500].map((atMs) => isSafeTrackStart([track!], atMs))).toEqual([
    true,
    true,
    false,
    false,
    false,
    true,
  ]);
  const [open] = derive([makeTracked(1, 1000)]);
  expect(isSafeTrackStart([open!], 5000)).toBe(false);
  const [parked] = derive([makeTracked(1, 0, { label: 'car' }), makeTracked(2, 500, { label: 'car', isStatic: true })]);
  expect([500, 501].map((atMs) => isSafeTrackStart([parked!], atMs))).toEqual([false, true]);
});
