/** Whether a track was in the zone in one frame. */
export type ZoneSample = { atMs: number; isInside: boolean };

/** One stay in a zone. A track that begins inside has not entered, one that ends inside has not left. */
export type ZoneVisit = { startMs: number; endMs: number; entered: boolean; left: boolean };

/** A box that jumps over the border and back within this is no exit. */
const MAX_OUTSIDE_MS = 2_000;

/** The stays of one track in one zone. Samples later than `untilMs` are as yet unknown. */
export function zoneVisits(samples: readonly ZoneSample[], untilMs = Infinity): ZoneVisit[] {
  const visits: ZoneVisit[] = [];
  let before: ZoneSample | undefined;
  for (const sample of samples.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)) {
    const visit = visits.at(-1);
    if (!sample.isInside) {
      if (visit) visit.left = true;
    } else if (visit && (!visit.left || sample.atMs - visit.endMs <= MAX_OUTSIDE_MS)) {
      visit.endMs = sample.atMs;
      visit.left = false;
    } else {
      visits.push({ startMs: sample.atMs, endMs: sample.atMs, entered: before !== undefined, left: false });
    }
    before = sample;
  }
  return visits;
}

/** Time spent in the zone; a single sample is no time. */
export function dwellMs(visits: readonly ZoneVisit[]): number {
  return visits.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}
