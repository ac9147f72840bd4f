import type { Knex } from 'knex';

import { updateDetectionFlags } from '../../db/models/detections.ts';
import { hasStills } from '../../db/models/derivation.ts';
import { findTracksTouching, replaceTracks, type NewTrack } from '../../db/models/tracks.ts';
import type { Gates } from '../../domain/classes.ts';
import { markStatic, staticReachMs } from '../../domain/static-detections.ts';
import { deriveTracks as followObjects } from '../../domain/tracker.ts';
import type { DerivedTrack } from '../../domain/track.ts';
import { widenBackToTracks, type Span } from './derivation-window.ts';
import { loadFootage, type Footage, type LoadedDetection } from './load-footage.ts';

const LOAD_AHEAD_MS = 600_000;

/**
 * A track that is live where the footage ends is over at the latest this long after its last detection: three missed
 * heartbeats of 60 s, or three missed stills of 120 s (§5.2 step 0).
 */
const OPEN_TAIL_MS = 400_000;

export type CameraToDerive = { id: string; enabled: boolean; gates: Gates };

export type TrackedFootage = Span & {
  detections: LoadedDetection[];
  staticIds: ReadonlySet<number>;
  /** Ids of non-static detections that belong to a confirmed track. */
  confirmedIds: ReadonlySet<number>;
};

/**
 * Finds standing objects and tracks anew around changed footage and stores what differs. The span reaches from the last
 * moment before the change to the first one after it at which no track was live, neither before nor now.
 */
export async function deriveTracks(trx: Knex.Transaction, camera: CameraToDerive, changed: Span): Promise<TrackedFootage> {
  const store = { knex: trx, cameraId: camera.id };
  const reachMs = staticReachMs(await hasStills(trx, toInterval(camera.id, reachableBy(changed))));
  const fromMs = await widenBackToTracks(store, changed.fromMs);
  const mustReachMs = changed.untilMs + reachMs;
  let loadUntilMs = mustReachMs + LOAD_AHEAD_MS;
  for (let loadedBefore = -1; ;) {
    const footage = await loadFootage(trx, { cameraId: camera.id, fromMs: fromMs - reachMs, untilMs: loadUntilMs });
    const followed = follow(footage, { camera, fromMs });
    const old = await findTracksTouching(trx, toInterval(camera.id, { fromMs, untilMs: loadUntilMs }));
    const untilMs = firstSafePoint([...followed.tracks.map(liveSpan), ...old.map(storedSpan)], mustReachMs);
    const isComplete = footage.frames.length === loadedBefore;
    if (untilMs <= loadUntilMs || isComplete) {
      return saveTracks(trx, camera, cut(followed, old, { fromMs, untilMs: Math.min(untilMs, loadUntilMs) }));
    }
    loadedBefore = footage.frames.length;
    loadUntilMs = Math.max(untilMs === Infinity ? 0 : untilMs, loadUntilMs + LOAD_AHEAD_MS);
  }
}

/** The footage whose standing objects a change may alter at most: a still looks back over a day. */
function reachableBy(changed: Span): Span {
  return { fromMs: changed.fromMs, untilMs: changed.untilMs + staticReachMs(true) };
}

function toInterval(cameraId: string, span: Span) {
  return { cameraId, from: new Date(span.fromMs), until: new Date(span.untilMs) };
}

type Followed = { detections: LoadedDetection[]; staticIds: ReadonlySet<number>; tracks: DerivedTrack[] };

function follow(footage: Footage, { camera, fromMs }: { camera: CameraToDerive; fromMs: number }): Followed {
  const staticIds = markStatic(footage.detections, footage.frames);
  const detections = footage.detections.filter((one) => one.detectedAtMs >= fromMs);
  const frames = footage.frames.filter((frame) => frame.atMs >= fromMs);
  const flagged = detections.map((one) => ({ ...one, isStatic: staticIds.has(one.id) }));
  return { detections, staticIds, tracks: followObjects(flagged, frames, { gates: camera.gates }) };
}

/** A track that the loaded footage ended in may go on behind it. */
function liveSpan(track: DerivedTrack): Span {
  const untilMs = track.endReason === 'end_of_input' ? Infinity : endOf(track).closedAtMs;
  return { fromMs: track.firstMs, untilMs };
}

function storedSpan(track: { first_seen: Date; closed_at: Date }): Span {
  return { fromMs: track.first_seen.getTime(), untilMs: track.closed_at.getTime() };
}

/** A pause beyond what a track can outlast is the end of its footage, whether what comes after the pause is here already or not. */
function endOf({ endReason, closedAtMs, lastMs }: DerivedTrack): Pick<DerivedTrack, 'endReason' | 'closedAtMs'> {
  const latestMs = lastMs + OPEN_TAIL_MS;
  if (endReason === 'end_of_input' || closedAtMs >= latestMs) return { endReason: 'end_of_input', closedAtMs: latestMs };
  return { endReason, closedAtMs: Math.max(closedAtMs, lastMs + 1) };
}

/** The first instant from `earliestMs` on that none of the spans covers. */
function firstSafePoint(spans: readonly Span[], earliestMs: number): number {
  let safeMs = earliestMs;
  for (const span of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (span.fromMs >= safeMs) return safeMs;
    safeMs = Math.max(safeMs, span.untilMs);
  }
  return safeMs;
}

function cut(followed: Followed, old: readonly { id: number; first_seen: Date }[], span: Span): Found {
  return {
    span,
    inside: followed.detections.filter((one) => one.detectedAtMs < span.untilMs),
    staticIds: followed.staticIds,
    tracks: followed.tracks.filter((track) => track.firstMs < span.untilMs),
    oldIds: old.filter((track) => track.first_seen.getTime() < span.untilMs).map((track) => track.id),
  };
}

type Found = {
  span: Span;
  inside: LoadedDetection[];
  staticIds: ReadonlySet<number>;
  tracks: readonly DerivedTrack[];
  oldIds: number[];
};

async function saveTracks(trx: Knex.Transaction, camera: CameraToDerive, found: Found): Promise<TrackedFootage> {
  const { span, inside, staticIds, tracks, oldIds } = found;
  const ids = await replaceTracks(trx, {
    oldIds,
    tracks: tracks.map((track) => toRow(camera.id, track)),
  });
  const trackIdOf = new Map<number, number>();
  const confirmedIds = new Set<number>();
  tracks.forEach((track, index) => {
    for (const id of track.detectionIds) if (track.confirmed) confirmedIds.add(id);
    for (const id of [...track.detectionIds, ...track.attachedStaticIds]) trackIdOf.set(id, ids[index] ?? 0);
  });
  const flags = inside.map((one) => ({
    one,
    isStatic: staticIds.has(one.id),
    trackId: trackIdOf.get(one.id) ?? null,
  }));
  await updateDetectionFlags(
    trx,
    flags
      .filter(({ one, isStatic, trackId }) => one.stored.isStatic !== isStatic || one.stored.trackId !== trackId)
      .map(({ one, isStatic, trackId }) => ({ id: one.id, detectedAt: new Date(one.detectedAtMs), isStatic, trackId })),
  );
  return { ...span, detections: inside, staticIds, confirmedIds };
}

function toRow(cameraId: string, track: DerivedTrack): NewTrack {
  const { endReason, closedAtMs } = endOf(track);
  return {
    camera_id: cameraId,
    object_class: track.label,
    class_group: track.group,
    first_seen: new Date(track.firstMs),
    last_seen: new Date(track.lastMs),
    closed_at: new Date(closedAtMs),
    first_detection_id: track.detectionIds[0] ?? 0,
    best_detection_id: track.bestDetectionId,
    detection_count: track.detectionIds.length + track.attachedStaticIds.length,
    max_score: track.maxScore,
    confirmed: track.confirmed,
    end_reason: endReason,
    trajectory: track.trajectory.map(({ x, y, tMs }) => ({ x: Math.round(x), y: Math.round(y), t: tMs - track.firstMs })),
    total_distance: track.totalDistancePx,
    avg_speed: track.avgSpeedPxPerS,
  };
}
