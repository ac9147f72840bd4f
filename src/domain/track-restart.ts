import type { TimelineFrame } from './frame-timeline.ts';
import type { AnalysedFrame } from './stored-detection.ts';
import { keepsAlive, isLost, pauseEnd } from './track-end.ts';
import type { TrackedDetection } from './track.ts';

/**
 * The latest frame time at or before `atMs` at which no track can be live, so that tracking may start there; undefined
 * when the frames, which come in order of time, do not reach back far enough to tell.
 */
export function findTrackRestart(frames: Iterable<TimelineFrame<TrackedDetection>>, atMs: number): number | undefined {
  let restartMs: number | undefined;
  let previous: AnalysedFrame | undefined;
  let quiet: { sinceMs: number; frames: number } | undefined;
  for (const frame of frames) {
    if (frame.atMs > atMs) break;
    // What came before the first frame is unknown: as if something had been there just before.
    quiet ??= { sinceMs: frame.atMs, frames: 0 };
    if (pauseEnd(frame, previous) !== undefined) quiet = { sinceMs: -Infinity, frames: Infinity };
    // Of several frames at one instant the first decides.
    if (isLost(quiet.frames, frame.atMs - quiet.sinceMs) && frame.atMs !== previous?.atMs) restartMs = frame.atMs;
    if (frame.detections.some(keepsAlive)) quiet = { sinceMs: frame.atMs, frames: 0 };
    else quiet.frames += 1;
    previous = frame;
  }
  return restartMs;
}
