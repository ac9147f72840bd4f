import { coveredHours } from '../coverage/covered-hours.ts';
import type { CameraFootage, CoveredHour } from '../coverage/covered-hours.ts';
import type { Interval } from '../coverage/interval.ts';

/** What went on in one local hour of a camera: `counts` says how many tracks of each class began in it. Classes not seen are left out. */
export type ActivityHour = CoveredHour & { counts: Readonly<Record<string, number>> };

/** A track counts once, in the hour of its first detection. */
export type CountedTrack = { firstMs: number; label: string; confirmed: boolean };

/** Hours with footage, with tracks, or covered without either, ascending; cut to those with a part in `within`. */
export function* activityHours(footage: CameraFootage, tracks: readonly CountedTrack[], within?: Interval): Generator<ActivityHour> {
  const counted = tracks.filter(({ confirmed }) => confirmed).sort((a, b) => a.firstMs - b.firstMs);
  const beginOf = (index: number) => counted[index]?.firstMs ?? Infinity;
  let next = 0;
  for (const hour of coveredHours(footage, within)) {
    while (beginOf(next) < hour.startMs) next += 1;
    const from = next;
    while (beginOf(next) < hour.endMs) next += 1;
    const counts = countByLabel(counted.slice(from, next));
    if (hour.coveredMs > 0 || hour.exposure > 0 || next > from) yield { ...hour, counts };
  }
}

/** How many tracks of each class began in an hour by an instant: what an event that ends then has seen of it. */
export function countTracks(tracks: readonly CountedTrack[], hour: Interval, untilMs: number): Record<string, number> {
  return countByLabel(
    tracks.filter(({ confirmed, firstMs }) => confirmed && firstMs >= hour.startMs && firstMs < hour.endMs && firstMs <= untilMs),
  );
}

/** Tracks of all classes. Motion counts only for a camera without another detector. */
export function totalCount(counts: Readonly<Record<string, number>>, countsMotion: boolean): number {
  return Object.entries(counts).reduce((sum, [label, count]) => (label === 'motion' && !countsMotion ? sum : sum + count), 0);
}

/** A class may be called like a member of every object: the map keeps such names apart. */
function countByLabel(tracks: readonly CountedTrack[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { label } of tracks) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Object.fromEntries(counts);
}
