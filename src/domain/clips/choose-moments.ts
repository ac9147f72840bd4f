/** Something that was seen of an event; those of one file and offset are of one frame. */
export type Sighting = { fileId: number; offsetMs: number; atMs: number; trackId: number | null; confidence: number; areaShare: number };

/** A frame to show and why: the first of its reasons. */
export type Moment<Seen extends Sighting> = { why: 'first' | 'last' | 'best' | 'between'; seen: Seen };

/**
 * The most telling frames of an event, in the order of footage: its first and last one, of each track the one that shows it best, and where there
 * is room for more, those in the middle of the longest gaps. Of many tracks the best shown ones are taken.
 */
export function chooseMoments<Seen extends Sighting>(sightings: readonly Seen[], most: number): Moment<Seen>[] {
  const frames = [...byFrame(sightings).values()].sort(inFootageOrder);
  const [first, last] = [frames[0], frames.at(-1)];
  const chosen = new Map<string, Moment<Seen>>();
  const add = (why: Moment<Seen>['why'], seen: Seen | undefined): void => {
    if (seen !== undefined && chosen.size < most && !chosen.has(frameOf(seen))) chosen.set(frameOf(seen), { why, seen });
  };
  add('first', first);
  add('last', last);
  for (const best of bestOfTracks(sightings)) add('best', best);
  while (chosen.size < Math.min(most, frames.length)) add('between', middleOfLongestGap(frames, chosen));
  return [...chosen.values()].sort((a, b) => inFootageOrder(a.seen, b.seen));
}

function frameOf({ fileId, offsetMs }: Sighting): string {
  return `${String(fileId)} ${String(offsetMs)}`;
}

/** Of each frame what shows best. */
function byFrame<Seen extends Sighting>(sightings: readonly Seen[]): Map<string, Seen> {
  const frames = new Map<string, Seen>();
  for (const seen of sightings.toSorted((a, b) => showing(a) - showing(b))) frames.set(frameOf(seen), seen);
  return frames;
}

function bestOfTracks<Seen extends Sighting>(sightings: readonly Seen[]): Seen[] {
  const best = new Map<number, Seen>();
  for (const seen of sightings) {
    if (seen.trackId === null) continue;
    const known = best.get(seen.trackId);
    if (known === undefined || showing(seen) > showing(known)) best.set(seen.trackId, seen);
  }
  return [...best.values()].sort((a, b) => showing(b) - showing(a));
}

function showing({ confidence, areaShare }: Sighting): number {
  return confidence * areaShare;
}

function inFootageOrder(a: Sighting, b: Sighting): number {
  return a.atMs - b.atMs || a.fileId - b.fileId || a.offsetMs - b.offsetMs;
}

/** The frame furthest in time from all that are chosen. */
function middleOfLongestGap<Seen extends Sighting>(frames: readonly Seen[], chosen: ReadonlyMap<string, { seen: Seen }>): Seen | undefined {
  const taken = [...chosen.values()].map(({ seen }) => seen.atMs);
  const distance = ({ atMs }: Seen): number => Math.min(...taken.map((other) => Math.abs(other - atMs)));
  const free = frames.filter((seen) => !chosen.has(frameOf(seen)));
  return free.reduce<Seen | undefined>((best, seen) => (best === undefined || distance(seen) > distance(best) ? seen : best), undefined);
}
