import { groupOf, isLiving } from './classes.ts';
import type { AnalysedFrame } from './stored-detection.ts';
import type { LiveTrack, TrackEndReason, TrackedDetection } from './track.ts';

const MISSED_FRAMES = 3;
const MISSED_MS = 3_000;
const NO_FRAME_MS = 65_000;
const COVERAGE_GAP_MS = 10_000;
const STILL_GAP_MS = 120_000;
const STOOD_STILL_MS = 1_800_000;

/** Whether an object without a detection in so many analysed frames and for so long is gone. */
export function isLost(missedFrames: number, missedMs: number): boolean {
  return missedFrames >= MISSED_FRAMES && missedMs >= MISSED_MS;
}

/** Why a pause before the frame ends every live track. Stills may be further apart than frames of a video. */
export function pauseEnd(frame: AnalysedFrame, previous: AnalysedFrame | undefined): TrackEndReason | undefined {
  if (!previous) return undefined;
  const isStill = frame.isStill && previous.isStill;
  const gapMs = frame.gapBeforeMs ?? 0;
  if (isStill ? gapMs > STILL_GAP_MS : gapMs >= COVERAGE_GAP_MS) return 'coverage_gap';
  return frame.atMs - previous.atMs > (isStill ? STILL_GAP_MS : NO_FRAME_MS) ? 'no_frames' : undefined;
}

export function missedEnd(track: LiveTrack, atMs: number): TrackEndReason | undefined {
  return isLost(track.missedFrames, atMs - track.lastMs) ? 'missed' : undefined;
}

/** A standing object ends its track at once, a person or animal only after half an hour, so that dwell goes on. */
export function standingEnd(track: LiveTrack, detection: TrackedDetection): TrackEndReason | undefined {
  if (!detection.isStatic) return undefined;
  if (!isLiving(track.group)) return 'parked';
  return detection.detectedAtMs - track.lastMovingMs >= STOOD_STILL_MS ? 'stood_still' : undefined;
}

/** Whether a track may live on with such a detection. */
export function keepsAlive(detection: TrackedDetection): boolean {
  return !detection.isStatic || isLiving(groupOf(detection.label));
}
