import { area, centreDistance, diagonal } from './box.ts';
import { groupOf, passesGate, SCORE_FLOOR } from './classes.ts';
import type { Gates } from './classes.ts';
import { iouXywh } from './iou.ts';
import { predictBox } from './track.ts';
import type { LiveTrack, TrackedDetection } from './track.ts';

const MIN_OVERLAP = 0.2;
const MIN_LOW_OVERLAP = 0.5;
const MAX_REACH = 2;
const MIN_AREA_RATIO = 0.4;
const MAX_AREA_RATIO = 2.5;

/** A detection found to belong to a live track. */
export type TrackMatch = { track: LiveTrack; detection: TrackedDetection };

/** Lower costs pair first; undefined: the two cannot belong together. */
type PairCost = (track: LiveTrack, detection: TrackedDetection) => number | undefined;

type Candidates = { tracks: Set<LiveTrack>; detections: Set<TrackedDetection> };

/** How far a detection may lie from its track in diagonals of the track's box, `elapsedMs` after its last box. */
export function maxReach(elapsedMs: number): number {
  return Math.min(MAX_REACH, 0.25 + (2 * elapsedMs) / 1000);
}

/** Matches the detections of one frame with live tracks, one to one and within class groups only. `tracks` and `detections` in order. */
export function associate(tracks: readonly LiveTrack[], detections: readonly TrackedDetection[], gates: Gates): TrackMatch[] {
  const free: Candidates = { tracks: new Set(tracks), detections: new Set(detections) };
  const isHigh = (detection: TrackedDetection): boolean => passesGate(detection, gates);
  const isLow = (detection: TrackedDetection): boolean => !isHigh(detection) && detection.score >= SCORE_FLOOR;
  return [
    ...matchGreedily(free, isHigh, overlapCost(MIN_OVERLAP)),
    ...matchGreedily(free, isLow, overlapCost(MIN_LOW_OVERLAP)),
    // What stands was there before, so it overlaps its own track; by distance it would only catch passers-by.
    ...matchGreedily(free, (detection) => isHigh(detection) && !detection.isStatic, reachCost),
  ];
}

function matchGreedily(free: Candidates, isWanted: (detection: TrackedDetection) => boolean, costOf: PairCost): TrackMatch[] {
  const wanted = [...free.detections].filter(isWanted);
  // Built by track, then detection: the stable sort leaves ties in this order.
  const pairs = [...free.tracks].flatMap((track) =>
    wanted.flatMap((detection) => {
      const cost = track.group === groupOf(detection.label) ? costOf(track, detection) : undefined;
      return cost === undefined ? [] : [{ track, detection, cost }];
    }),
  );
  const matches: TrackMatch[] = [];
  for (const { track, detection } of pairs.sort((a, b) => a.cost - b.cost)) {
    if (!free.tracks.has(track) || !free.detections.has(detection)) continue;
    free.tracks.delete(track);
    free.detections.delete(detection);
    matches.push({ track, detection });
  }
  return matches;
}

function overlapCost(minOverlap: number): PairCost {
  return (track, detection) => {
    const overlap = iouXywh(predictBox(track, detection.detectedAtMs, detection.picture), detection.box);
    return overlap >= minOverlap ? -overlap : undefined;
  };
}

// A walker sampled at 2 fps moves by more than their own width: the boxes need not overlap.
const reachCost: PairCost = (track, detection) => {
  const predicted = predictBox(track, detection.detectedAtMs, detection.picture);
  const ratio = area(detection.box) / area(predicted);
  if (ratio < MIN_AREA_RATIO || ratio > MAX_AREA_RATIO) return undefined;
  const reach = centreDistance(predicted, detection.box) / diagonal(predicted);
  return reach <= maxReach(detection.detectedAtMs - track.lastMs) ? reach : undefined;
};
