import type { Size } from './box.ts';

const MAX_SHIFT_SHARE = 0.05;
const MIN_AREA_RATIO = 0.8;
const MAX_AREA_RATIO = 1.25;
const CELLS_PER_SIDE = 32;

/** An analysed frame: `sequence` counts frames; `stamp` marks the last query that counted it. */
export type SightedFrame = { sequence: number; atMs: number; stamp: number };

/** Something seen in a frame: centre, area and diagonal in pixels of `picture`. */
export type Sighting = { frame: SightedFrame; x: number; y: number; area: number; diagonal: number; picture: Size };

/** Frames in which something stood at the same place in about the same size, and the first of them. */
export type SightingMatches = { matchedFrames: number; earliest: SightedFrame | undefined };

export type SightingRange = { sinceMs: number; forgetMs: number };

/** Earlier sightings by place in the picture, so that a look-up touches its neighbourhood only. */
export type SightingGrid = {
  add(sighting: Sighting): void;
  /** Matches not older than `sinceMs`. Forgets what is older than `forgetMs` in the cells it visits. */
  findMatches(sighting: Sighting, range: SightingRange): SightingMatches;
};

/** Sightings in order of time; those before `head` are forgotten. */
type Cell = { sightings: Sighting[]; head: number };

export function createSightingGrid(): SightingGrid {
  const cells = new Map<number, Cell>();
  let stamp = 0;
  return {
    add(sighting) {
      const key = cellKey(cellIndex(sighting.x / sighting.picture.width), cellIndex(sighting.y / sighting.picture.height));
      const cell = cells.get(key);
      if (cell) cell.sightings.push(sighting);
      else cells.set(key, { sightings: [sighting], head: 0 });
    },
    findMatches(sighting, { sinceMs, forgetMs }) {
      stamp += 1;
      const matches: SightingMatches = { matchedFrames: 0, earliest: undefined };
      for (const key of neighbourhood(sighting)) {
        const cell = cells.get(key);
        if (!cell) continue;
        forgetBefore(cell, forgetMs);
        collectMatches(cell, { sighting, sinceMs, stamp, matches });
      }
      return matches;
    },
  };
}

type MatchQuery = { sighting: Sighting; sinceMs: number; stamp: number; matches: SightingMatches };

/** From the newest sighting back to the first that is too old. */
function collectMatches(cell: Cell, query: MatchQuery): void {
  const { sighting, sinceMs, stamp, matches } = query;
  for (let i = cell.sightings.length - 1; i >= cell.head; i -= 1) {
    const earlier = cell.sightings[i];
    if (!earlier || earlier.frame.atMs < sinceMs) return;
    if (earlier.frame.stamp === stamp || !isSamePlace(sighting, earlier)) continue;
    earlier.frame.stamp = stamp;
    matches.matchedFrames += 1;
    if (!matches.earliest || earlier.frame.sequence < matches.earliest.sequence) matches.earliest = earlier.frame;
  }
}

function isSamePlace(sighting: Sighting, earlier: Sighting): boolean {
  const scaleX = sighting.picture.width / earlier.picture.width;
  const scaleY = sighting.picture.height / earlier.picture.height;
  const ratio = (earlier.area * scaleX * scaleY) / sighting.area;
  if (ratio < MIN_AREA_RATIO || ratio > MAX_AREA_RATIO) return false;
  const dx = earlier.x * scaleX - sighting.x;
  const dy = earlier.y * scaleY - sighting.y;
  return Math.sqrt(dx * dx + dy * dy) <= MAX_SHIFT_SHARE * sighting.diagonal;
}

function forgetBefore(cell: Cell, sinceMs: number): void {
  while (cell.head < cell.sightings.length && (cell.sightings[cell.head]?.frame.atMs ?? sinceMs) < sinceMs) {
    cell.head += 1;
  }
  if (cell.head * 2 <= cell.sightings.length) return;
  cell.sightings.splice(0, cell.head);
  cell.head = 0;
}

function* neighbourhood({ x, y, diagonal, picture }: Sighting): Generator<number> {
  const reach = MAX_SHIFT_SHARE * diagonal;
  const right = cellIndex((x + reach) / picture.width);
  const bottom = cellIndex((y + reach) / picture.height);
  for (let row = cellIndex((y - reach) / picture.height); row <= bottom; row += 1) {
    for (let column = cellIndex((x - reach) / picture.width); column <= right; column += 1) {
      yield cellKey(column, row);
    }
  }
}

function cellIndex(share: number): number {
  return Math.min(CELLS_PER_SIDE - 1, Math.max(0, Math.floor(share * CELLS_PER_SIDE)));
}

function cellKey(column: number, row: number): number {
  return row * CELLS_PER_SIDE + column;
}
