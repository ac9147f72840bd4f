import { passesGate } from './classes.ts';
import type { Gates } from './classes.ts';
import { frameTimeline } from './frame-timeline.ts';
import type { TimelineFrame } from './frame-timeline.ts';
import type { AnalysedFrame } from './stored-detection.ts';
import { associate } from './track-association.ts';
import { missedEnd, pauseEnd, standingEnd } from './track-end.ts';
import { closeTrack, extendTrack, startTrack } from './track.ts';
import type { DerivedTrack, LiveTrack, TrackedDetection, TrackEndReason } from './track.ts';

/** The camera's gates; classes without one have the default gate. */
export type TrackerOptions = { gates?: Gates | undefined };

/** Follows objects frame by frame, in the order of `frameTimeline`; holds live tracks only. */
export type Tracker = {
  /** Takes the next analysed frame; gives the tracks that ended at it. */
  step(frame: TimelineFrame<TrackedDetection>): DerivedTrack[];
  /** Ends what is still live. */
  finish(): DerivedTrack[];
  liveCount(): number;
};

/** Tracks in order of their first detection. The input may be in any order. */
export function deriveTracks(
  detections: readonly TrackedDetection[],
  analysedFrames: readonly AnalysedFrame[],
  options: TrackerOptions,
): DerivedTrack[] {
  const tracker = createTracker(options);
  const tracks: DerivedTrack[] = [];
  for (const frame of frameTimeline(detections, analysedFrames)) tracks.push(...tracker.step(frame));
  tracks.push(...tracker.finish());
  return tracks.sort((a, b) => a.number - b.number);
}

/** Whether no track is live when the frames from `atMs` on are taken, so that tracking may start there and give the same tracks. */
export function isSafeTrackStart(tracks: readonly DerivedTrack[], atMs: number): boolean {
  return tracks.every((track) => track.firstMs >= atMs || isOverBefore(track, atMs));
}

// A track the input ended in may go on in the next frame; one closed by its last detection was live in that frame.
function isOverBefore(track: DerivedTrack, atMs: number): boolean {
  return track.endReason !== 'end_of_input' && track.closedAtMs <= atMs && track.lastMs < atMs;
}

export function createTracker(options: TrackerOptions): Tracker {
  const gates = options.gates ?? {};
  let live: LiveTrack[] = [];
  let started = 0;
  let previous: AnalysedFrame | undefined;

  const close = (atMs: number, reasonOf: (track: LiveTrack) => TrackEndReason | undefined): DerivedTrack[] => {
    const closed: DerivedTrack[] = [];
    live = live.filter((track) => {
      const reason = reasonOf(track);
      if (reason !== undefined) closed.push(closeTrack(track, reason, atMs));
      return reason === undefined;
    });
    return closed;
  };

  return {
    step(frame) {
      const pauseReason = pauseEnd(frame, previous);
      const closed = close(frame.atMs, (track) => pauseReason ?? missedEnd(track, frame.atMs));
      const { taken, ended } = follow(live, frame, gates);
      closed.push(...close(frame.atMs, (track) => ended.get(track)));
      for (const detection of frame.detections) {
        if (taken.has(detection) || detection.isStatic || !passesGate(detection, gates)) continue;
        started += 1;
        live.push(startTrack(started, detection));
      }
      previous = frame;
      return closed;
    },
    finish: () => close(previous?.atMs ?? 0, () => 'end_of_input'),
    liveCount: () => live.length,
  };
}

type Followed = { taken: Set<TrackedDetection>; ended: Map<LiveTrack, TrackEndReason> };

/** Gives each live track its detection or a miss; says which detections are taken and which tracks ended by standing. */
function follow(live: readonly LiveTrack[], frame: TimelineFrame<TrackedDetection>, gates: Gates): Followed {
  const followed: Followed = { taken: new Set(), ended: new Map() };
  for (const track of live) track.missedFrames += 1;
  for (const { track, detection } of associate(live, frame.detections, gates)) {
    extendTrack(track, detection);
    followed.taken.add(detection);
    const reason = standingEnd(track, detection);
    if (reason !== undefined) followed.ended.set(track, reason);
  }
  return followed;
}
