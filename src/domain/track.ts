import { bottomCentre, centre, distance, rescaleBox } from './box.ts';
import type { BoxXywh, Point, Size } from './box.ts';
import { groupOf } from './classes.ts';
import type { ClassGroup } from './detection.ts';
import type { StoredDetection } from './stored-detection.ts';

const MAX_PREDICTION_MS = 2_000;
const CONFIRMING_FRAMES = 2;
const CONFIRMING_SCORE = 0.8;

/** A detection with its static flag, as the tracker takes it. */
export type TrackedDetection = StoredDetection & { isStatic: boolean };

/** Why a track ended: out of sight, no analysed frame for too long, footage missing, came to stand, stood still too long, or the input ended. */
export type TrackEndReason = 'missed' | 'no_frames' | 'coverage_gap' | 'parked' | 'stood_still' | 'end_of_input';

/** One object over analysed frames. Positions in pixels; `trajectory` holds the bottom centres in the picture of their frame. */
export type DerivedTrack = {
  /** Counts from 1 in order of the first detection; also breaks ties. */
  number: number;
  detectionIds: number[];
  /** Standing detections that belong to it but do not count for events. */
  attachedStaticIds: number[];
  firstMs: number;
  lastMs: number;
  /** Time of the analysed frame at which the track was found to be over. */
  closedAtMs: number;
  label: string;
  group: ClassGroup;
  confirmed: boolean;
  endReason: TrackEndReason;
  maxScore: number;
  bestDetectionId: number;
  trajectory: { x: number; y: number; tMs: number }[];
  totalDistancePx: number;
  avgSpeedPxPerS: number;
};

/** A track that may still grow. Its last box is in pixels of `picture`, its velocity in pixels per ms. */
export type LiveTrack = Pick<
  DerivedTrack,
  | 'number'
  | 'detectionIds'
  | 'attachedStaticIds'
  | 'firstMs'
  | 'lastMs'
  | 'group'
  | 'maxScore'
  | 'bestDetectionId'
  | 'trajectory'
  | 'totalDistancePx'
> & {
  lastBox: BoxXywh;
  picture: Size;
  velocity: Point;
  lastMovingMs: number;
  missedFrames: number;
  hasStill: boolean;
  scoreByLabel: Map<string, number>;
};

export function startTrack(number: number, detection: TrackedDetection): LiveTrack {
  return {
    number,
    detectionIds: [detection.id],
    attachedStaticIds: [],
    firstMs: detection.detectedAtMs,
    lastMs: detection.detectedAtMs,
    group: groupOf(detection.label),
    maxScore: detection.score,
    bestDetectionId: detection.id,
    trajectory: [toTrajectoryPoint(detection)],
    totalDistancePx: 0,
    lastBox: detection.box,
    picture: detection.picture,
    velocity: { x: 0, y: 0 },
    lastMovingMs: detection.detectedAtMs,
    missedFrames: 0,
    hasStill: detection.isStill,
    scoreByLabel: new Map([[detection.label, detection.score]]),
  };
}

/** Adds the detection of a later frame. */
export function extendTrack(track: LiveTrack, detection: TrackedDetection): void {
  const previousBox = rescaleBox(track.lastBox, track.picture, detection.picture);
  const elapsedMs = detection.detectedAtMs - track.lastMs;
  const [from, to] = [centre(previousBox), centre(detection.box)];
  track.velocity = elapsedMs > 0 ? { x: (to.x - from.x) / elapsedMs, y: (to.y - from.y) / elapsedMs } : { x: 0, y: 0 };
  track.totalDistancePx += distance(bottomCentre(previousBox), bottomCentre(detection.box));
  track.trajectory.push(toTrajectoryPoint(detection));
  track.lastBox = detection.box;
  track.picture = detection.picture;
  track.lastMs = detection.detectedAtMs;
  track.missedFrames = 0;
  track.hasStill ||= detection.isStill;
  track.scoreByLabel.set(detection.label, (track.scoreByLabel.get(detection.label) ?? 0) + detection.score);
  if (detection.score > track.maxScore) {
    track.maxScore = detection.score;
    track.bestDetectionId = detection.id;
  }
  if (detection.isStatic) track.attachedStaticIds.push(detection.id);
  else {
    track.detectionIds.push(detection.id);
    track.lastMovingMs = detection.detectedAtMs;
  }
}

/** Where the track's box should be at `atMs` if it goes on as between its last two boxes, at most 2 s ahead; in pixels of `picture`. */
export function predictBox(track: LiveTrack, atMs: number, picture: Size): BoxXywh {
  const aheadMs = Math.min(MAX_PREDICTION_MS, atMs - track.lastMs);
  const { lastBox, velocity } = track;
  const moved = { ...lastBox, x: lastBox.x + velocity.x * aheadMs, y: lastBox.y + velocity.y * aheadMs };
  return rescaleBox(moved, track.picture, picture);
}

export function closeTrack(track: LiveTrack, endReason: TrackEndReason, closedAtMs: number): DerivedTrack {
  const durationS = (track.lastMs - track.firstMs) / 1000;
  return {
    number: track.number,
    detectionIds: track.detectionIds,
    attachedStaticIds: track.attachedStaticIds,
    firstMs: track.firstMs,
    lastMs: track.lastMs,
    closedAtMs,
    label: mainLabel(track.scoreByLabel),
    group: track.group,
    confirmed: isConfirmed(track),
    endReason,
    maxScore: track.maxScore,
    bestDetectionId: track.bestDetectionId,
    trajectory: track.trajectory,
    totalDistancePx: track.totalDistancePx,
    avgSpeedPxPerS: durationS > 0 ? track.totalDistancePx / durationS : 0,
  };
}

function isConfirmed(track: LiveTrack): boolean {
  return track.trajectory.length >= CONFIRMING_FRAMES || track.maxScore >= CONFIRMING_SCORE || track.hasStill;
}

function mainLabel(scoreByLabel: ReadonlyMap<string, number>): string {
  let best: [label: string, sum: number] = ['', -1];
  for (const [label, sum] of scoreByLabel) {
    if (sum > best[1] || (sum === best[1] && label < best[0])) best = [label, sum];
  }
  return best[0];
}

function toTrajectoryPoint({ box, detectedAtMs }: TrackedDetection): { x: number; y: number; tMs: number } {
  return { ...bottomCentre(box), tMs: detectedAtMs };
}
