import { expect, test } from 'vitest';
import { frameTimeline } from '../../../src/domain/frame-timeline.ts';
import { findTrackRestart } from '../../../src/domain/track-restart.ts';
import { markStatic } from '../../../src/domain/static-detections.ts';
import { deriveTracks, isSafeTrackStart } from '../../../src/domain/tracker.ts';
import type { TrackedDetection } from '../../../src/domain/track.ts';
import { boxAt, makeDetection, makeTracked, seededRandom, shuffle } from './make-detections.ts';

function restart(detections: TrackedDetection[], framesMs: number[], atMs: number): number | undefined {
  return findTrackRestart(
    frameTimeline(
      detections,
      framesMs.map((frameMs) => ({ atMs: frameMs, isStill: false })),
    ),
    atMs,
  );
}

test('without frames there is no place to start', () => {
  expect(restart([], [], 1000)).toBeUndefined();
});

test('three empty frames and 3 s after the last detection nothing is live (§5.2)', () => {
  expect(restart([], [0, 1000, 2000, 3000], 3000)).toBe(3000);
  expect(restart([], [0, 1000, 2000, 3000], 2999)).toBeUndefined();
  expect(restart([makeTracked(1, 1000)], [0, 1000, 2000, 3000, 4000, 5000], 5000)).toBe(5000);
  expect(restart([makeTracked(1, 1000)], [0, 1000, 2000, 3000, 4000, 5000], 4999)).toBeUndefined();
});

test('of several frames at one instant the first decides', () => {
  expect(restart([makeTracked(1, 0)], [0, 1000, 2000, 3000, 3000], 3000)).toBeUndefined();
  expect(restart([makeTracked(1, 0)], [0, 1000, 2000, 2500, 3000, 3000], 3000)).toBe(3000);
});

test('after a long pause nothing is live (§5.2)', () => {
  expect(restart([makeTracked(1, 0)], [0, 65_001], 90_000)).toBe(65_001);
  expect(restart([makeTracked(1, 0)], [0, 65_000], 90_000)).toBeUndefined();
  expect(restart([makeTracked(1, 0)], [0, 65_001, 66_000], 90_000)).toBe(66_000);
});

test('a parked car keeps no track alive, a person who stands does (§5.2)', () => {
  const framesMs = [0, 1000, 2000, 3000, 4000];
  const standing = (label: string) => framesMs.map((atMs, id) => makeTracked(id, atMs, { label, isStatic: true }));
  expect(restart(standing('car'), framesMs, 9000)).toBe(4000);
  expect(restart(standing('person'), framesMs, 9000)).toBeUndefined();
});

/** Hours of people and cars who come, go, stop and are missed now and then, in frames at irregular times with pauses. */
function makeFootage(seed: number) {
  const random = seededRandom(seed);
  const framesMs: number[] = [];
  for (let atMs = 0; atMs < 1_500_000; atMs += random() < 0.01 ? 70_000 : 300 + Math.round(random() * 500)) framesMs.push(atMs);
  const walks = Array.from({ length: 40 }, () => ({
    label: random() < 0.6 ? 'person' : 'car',
    fromMs: random() * 1_500_000,
    lastsMs: random() < 0.2 ? 200_000 : random() * 20_000,
    x: random() * 1500,
    speed: random() < 0.4 ? 0 : (random() - 0.5) * 0.2,
  }));
  let id = 0;
  const found = framesMs.flatMap((atMs) =>
    walks.flatMap(({ label, fromMs, lastsMs, x, speed }) => {
      if (atMs < fromMs || atMs > fromMs + lastsMs || random() < 0.15) return [];
      id += 1;
      const box = boxAt(Math.max(0, Math.round(x + speed * (atMs - fromMs))), 300, 80, 160);
      return [makeDetection(id, atMs, { label, score: 0.3 + 0.6 * random(), box })];
    }),
  );
  const frames = framesMs.map((atMs) => ({ atMs, isStill: false }));
  const staticIds = markStatic(found, frames);
  return { random, frames, detections: found.map((detection) => ({ ...detection, isStatic: staticIds.has(detection.id) })) };
}

test.each([1, 2, 3, 4, 5])('the order of the input does not matter (seed %i)', (seed) => {
  const { random, frames, detections } = makeFootage(seed);
  const tracks = deriveTracks(detections, frames, {});
  expect(tracks.length).toBeGreaterThan(20);
  expect(deriveTracks(shuffle(detections, random), shuffle(frames, random), {})).toEqual(tracks);
});

test.each([1, 2, 3, 4, 5])('started again where no track is live, the tracks are the same (§5.2, seed %i)', (seed) => {
  const { frames, detections } = makeFootage(seed);
  const tracks = deriveTracks(detections, frames, {});
  let restarts = 0;
  for (let atMs = 40_000; atMs < 1_500_000; atMs += 61_000) {
    const fromMs = findTrackRestart(frameTimeline(detections, frames), atMs);
    if (fromMs === undefined) continue;
    restarts += 1;
    expect(isSafeTrackStart(tracks, fromMs)).toBe(true);
    const again = deriveTracks(
      detections.filter(({ detectedAtMs }) => detectedAtMs >= fromMs),
      frames.filter((frame) => frame.atMs >= fromMs),
      {},
    );
    const expected = tracks.filter(({ firstMs }) => firstMs >= fromMs).map((track, i) => ({ ...track, number: i + 1 }));
    expect(again).toEqual(expected);
  }
  expect(restarts).toBeGreaterThan(5);
});

test.each([6, 7])('every point without a live track is a safe start (§5.2, seed %i)', (seed) => {
  const { frames, detections } = makeFootage(seed);
  const tracks = deriveTracks(detections, frames, {});
  const safe = frames.filter(({ atMs }) => isSafeTrackStart(tracks, atMs)).filter((_, i) => i % 25 === 0);
  expect(safe.length).toBeGreaterThan(5);
  for (const { atMs: fromMs } of safe) {
    const again = deriveTracks(
      detections.filter(({ detectedAtMs }) => detectedAtMs >= fromMs),
      frames.filter((frame) => frame.atMs >= fromMs),
      {},
    );
    expect(idsOf(again)).toEqual(idsOf(tracks.filter(({ firstMs }) => firstMs >= fromMs)));
  }
});

function idsOf(tracks: { detectionIds: number[]; attachedStaticIds: number[] }[]): number[][] {
  return tracks.map(({ detectionIds, attachedStaticIds }) => [...detectionIds, ...attachedStaticIds]);
}
