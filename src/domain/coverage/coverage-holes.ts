import type { RecordingMode } from '../enums.ts';
import type { FootageFile } from './camera-coverage.ts';
import type { Interval } from './interval.ts';
import { JOIN_MS } from './interval.ts';
import { DAY_MS } from './local-hours.ts';

/** Why footage is missing: the camera recorded none, files could not be read, or only in part. */
export type HoleCause = 'none_recorded' | 'failed_files' | 'partial_file';

export type CoverageHole = Interval & { cause: HoleCause };

/** Pauses longer than this are holes. */
export const MIN_HOLE_MS: Readonly<Record<RecordingMode, number>> = { continuous: JOIN_MS, triggered: DAY_MS };

/** Missing footage between the first and the last footage of a camera. `troubled`: its files that failed or were read in part. */
export function coverageHoles(coverage: readonly Interval[], troubled: readonly FootageFile[], minHoleMs: number): CoverageHole[] {
  const failed = claimsOf(troubled, 'failed');
  const partial = claimsOf(troubled, 'partial');
  const holes: CoverageHole[] = [];
  for (const [i, { endMs: startMs }] of coverage.entries()) {
    const endMs = coverage[i + 1]?.startMs ?? startMs;
    if (endMs - startMs <= minHoleMs) continue;
    holes.push({ startMs, endMs, cause: causeOf({ startMs, endMs }, failed, partial) });
  }
  return holes;
}

function causeOf(hole: Interval, failed: Claims, partial: Claims): HoleCause {
  if (reachesInto(hole, failed)) return 'failed_files';
  return reachesInto(hole, partial) ? 'partial_file' : 'none_recorded';
}

/** Intervals files claim to hold, by their start, each with the latest end so far. */
type Claims = (Interval & { latestEndMs: number })[];

function claimsOf(files: readonly FootageFile[], outcome: FootageFile['outcome']): Claims {
  let latestEndMs = -Infinity;
  return files
    .filter((file) => file.outcome === outcome)
    .sort((a, b) => a.startMs - b.startMs)
    .map(({ startMs, claimedMs }) => {
      // A file that says nothing about its length still claims the moment it starts.
      const endMs = startMs + Math.max(1, claimedMs);
      latestEndMs = Math.max(latestEndMs, endMs);
      return { startMs, endMs, latestEndMs };
    });
}

/** Whether a claim has a part in the hole: the latest end of those that start before the hole ends decides. */
function reachesInto(hole: Interval, claims: Claims): boolean {
  let [low, high] = [0, claims.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((claims[middle]?.startMs ?? Infinity) < hole.endMs) low = middle + 1;
    else high = middle;
  }
  return (claims[low - 1]?.latestEndMs ?? -Infinity) > hole.startMs;
}
