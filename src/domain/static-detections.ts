import { area, centre, diagonal } from './box.ts';
import { groupOf, isLiving, SCORE_FLOOR } from './classes.ts';
import type { ClassGroup } from './detection.ts';
import { frameTimeline } from './frame-timeline.ts';
import { createSightingGrid } from './sighting-grid.ts';
import type { Sighting, SightingGrid } from './sighting-grid.ts';
import type { AnalysedFrame, StoredDetection } from './stored-detection.ts';

const LOOK_BACK_MS = 900_000;
const STILL_LOOK_BACK_MS = 86_400_000;
const MIN_MATCHED_FRAMES = 3;
const MIN_PRESENCE = 0.8;
const AGE_MS = 10_000;
const LIVING_AGE_MS = 120_000;

/** Finds standing objects frame by frame, in the order of `compareDetections`; remembers no more than the look-back. */
export type StaticMarker = {
  /** The static ones among the detections of the next analysed frame. */
  step(atMs: number, detections: readonly StoredDetection[]): StoredDetection[];
};

/** How far back the static flag of a still or a video frame looks, and so how far past a change flags may change; in ms. */
export function staticReachMs(isStill: boolean): number {
  return isStill ? STILL_LOOK_BACK_MS : LOOK_BACK_MS;
}

/** Ids of the detections of standing objects. Give the look-back before the first detection of interest too: detections and frames. */
export function markStatic(detections: readonly StoredDetection[], analysedFrames: readonly AnalysedFrame[]): Set<number> {
  const marker = createStaticMarker();
  const ids = new Set<number>();
  for (const frame of frameTimeline(detections, analysedFrames)) {
    for (const detection of marker.step(frame.atMs, frame.detections)) ids.add(detection.id);
  }
  return ids;
}

export function createStaticMarker(): StaticMarker {
  const grids = new Map<ClassGroup, SightingGrid>();
  let sequence = 0;
  return {
    step(atMs, detections) {
      const frame = { sequence, atMs, stamp: 0 };
      sequence += 1;
      const sightings = detections.map((detection) => ({ detection, sighting: toSighting(detection, frame) }));
      const found = sightings.filter(({ detection, sighting }) => {
        const group = groupOf(detection.label);
        const grid = grids.get(group);
        return grid !== undefined && isStanding(grid, sighting, { ageMs: ageOf(group), reachMs: staticReachMs(detection.isStill) });
      });
      // Added last: detections of one frame never match each other.
      for (const { detection, sighting } of sightings) {
        if (detection.score >= SCORE_FLOOR) gridOf(grids, groupOf(detection.label)).add(sighting);
      }
      return found.map(({ detection }) => detection);
    },
  };
}

function gridOf(grids: Map<ClassGroup, SightingGrid>, group: ClassGroup): SightingGrid {
  const grid = grids.get(group) ?? createSightingGrid();
  grids.set(group, grid);
  return grid;
}

function toSighting({ box, picture }: StoredDetection, frame: Sighting['frame']): Sighting {
  const { x, y } = centre(box);
  return { frame, x, y, area: area(box), diagonal: diagonal(box), picture };
}

// People get longer, or somebody who waits motionless at a door would be hidden.
function ageOf(group: ClassGroup): number {
  return isLiving(group) ? LIVING_AGE_MS : AGE_MS;
}

function isStanding(grid: SightingGrid, sighting: Sighting, limits: { ageMs: number; reachMs: number }): boolean {
  const { atMs } = sighting.frame;
  const range = { sinceMs: atMs - limits.reachMs, forgetMs: atMs - STILL_LOOK_BACK_MS };
  const { matchedFrames, earliest } = grid.findMatches(sighting, range);
  if (matchedFrames < MIN_MATCHED_FRAMES || !earliest) return false;
  if (sighting.frame.atMs - earliest.atMs < limits.ageMs) return false;
  return matchedFrames / (sighting.frame.sequence - earliest.sequence) >= MIN_PRESENCE;
}
