/** Footage time in ms, both ends included. */
type Timed = { startedAtMs: number; endedAtMs: number };

export type NewGroup = Timed & { batchId: string };
export type LostEvent = Timed & { id: number; batchId: string };

/**
 * When a file is detected again, all its detections are new ones and share nothing with the events of before. A new group
 * then takes over the event that began at the same moment, else the one it overlaps longest, so that review and notes
 * stay. Returns event ids by place in `groups`.
 */
export function adoptByTime(groups: readonly NewGroup[], lost: readonly LostEvent[]): Map<number, number> {
  const pairs = groups.flatMap((group, place) =>
    lost.flatMap((event) => {
      const sharedMs = overlapMs(group, event);
      const sameStart = group.batchId === event.batchId;
      return sharedMs >= 0 || sameStart ? [{ place, event, sharedMs, sameStart }] : [];
    }),
  );
  pairs.sort(
    (a, b) => Number(b.sameStart) - Number(a.sameStart) || b.sharedMs - a.sharedMs || a.place - b.place || a.event.id - b.event.id,
  );
  const adopted = new Map<number, number>();
  const taken = new Set<number>();
  for (const { place, event } of pairs) {
    if (adopted.has(place) || taken.has(event.id)) continue;
    adopted.set(place, event.id);
    taken.add(event.id);
  }
  return adopted;
}

/** Negative when they do not touch. */
function overlapMs(a: Timed, b: Timed): number {
  return Math.min(a.endedAtMs, b.endedAtMs) - Math.max(a.startedAtMs, b.startedAtMs);
}
