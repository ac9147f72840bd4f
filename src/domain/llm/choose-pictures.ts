import type { SubjectFacts } from '../risk/event-facts.ts';

/** One place in the footage of an event where something was seen. */
export type Sighting = {
  trackId: number | null;
  detectedAtMs: number;
  /** Confidence × area of the box. */
  quality: number;
};

/** `crop`: what is in the box; `frame`: all of the view. */
export type ChosenPicture<Seen extends Sighting> = { kind: 'crop' | 'frame'; sighting: Seen };

const CROPS = 3;
/** What a person wants to look at first. */
const GROUPS = ['person', 'vehicle', 'bicycle', 'animal', 'other', 'motion'];

/** The best crop of the three foremost subjects, then the whole view at the begin, the middle and the end; each view once. */
export function choosePictures<Seen extends Sighting>(
  subjects: readonly SubjectFacts[],
  sightings: readonly Seen[],
): ChosenPicture<Seen>[] {
  const foremost = [...subjects].sort((a, b) => rank(a) - rank(b) || b.bestScore - a.bestScore || a.trackId - b.trackId);
  const crops = foremost.flatMap(({ trackId }) => best(sightings.filter((seen) => seen.trackId === trackId))).slice(0, CROPS);
  const times = [...new Map(sightings.map((seen) => [seen.detectedAtMs, seen])).values()].sort((a, b) => a.detectedAtMs - b.detectedAtMs);
  const frames = [times[0], times[Math.floor(times.length / 2)], times.at(-1)].filter((seen) => seen !== undefined);
  return [
    ...crops.map((sighting) => ({ kind: 'crop' as const, sighting })),
    ...[...new Set(frames)].map((sighting) => ({ kind: 'frame' as const, sighting })),
  ];
}

function rank({ classGroup }: SubjectFacts): number {
  const place = GROUPS.indexOf(classGroup);
  return place === -1 ? GROUPS.length : place;
}

function best<Seen extends Sighting>(sightings: readonly Seen[]): Seen[] {
  return [...sightings].sort((a, b) => b.quality - a.quality || a.detectedAtMs - b.detectedAtMs).slice(0, 1);
}
