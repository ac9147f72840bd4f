import type { EventGroup } from './group-events.ts';

/** A stored event. `hasUserInput`: notes, feedback, flag or evidence hold, which no regrouping may drop. */
export type OldEvent = { id: number; detectionIds: readonly number[]; hasUserInput: boolean };

/** What becomes of the stored events of an interval when its events are grouped again; every list in a fixed order. */
export type EventMatches = {
  /** The event keeps its id; `changed` when its set of detections is another one. */
  kept: { id: number; group: EventGroup; changed: boolean }[];
  created: EventGroup[];
  /** The event's detections now belong to others; the one with most of them takes over what the user wrote. */
  absorbed: { id: number; byId: number }[];
  deleted: number[];
  /** Without detections, kept because of the user's input. */
  orphaned: number[];
};

type Pair = { group: EventGroup; place: number; oldEvent: OldEvent; shared: number };

/** Pairs new groups with stored events one to one, most shared detections first, so ids outlive late files and changed settings. */
export function matchEvents(newGroups: readonly EventGroup[], oldEvents: readonly OldEvent[]): EventMatches {
  const pairs = findPairs(newGroups, oldEvents).sort(comparePairs);
  const keptByGroup = new Map<EventGroup, Pair>();
  const keptIds = new Set<number>();
  for (const pair of pairs) {
    if (keptByGroup.has(pair.group) || keptIds.has(pair.oldEvent.id)) continue;
    keptByGroup.set(pair.group, pair);
    keptIds.add(pair.oldEvent.id);
  }
  const unmatched = oldEvents.filter((event) => !keptIds.has(event.id)).toSorted((a, b) => a.id - b.id);
  const absorbed = unmatched.flatMap(({ id }) => absorberOf(id, pairs, keptByGroup));
  const absorbedIds = new Set(absorbed.map(({ id }) => id));
  const empty = unmatched.filter(({ id }) => !absorbedIds.has(id));
  return {
    kept: newGroups.flatMap((group) => toKept(keptByGroup.get(group))),
    created: newGroups.filter((group) => !keptByGroup.has(group)),
    absorbed,
    deleted: empty.filter((event) => !event.hasUserInput).map(({ id }) => id),
    orphaned: empty.filter((event) => event.hasUserInput).map(({ id }) => id),
  };
}

function findPairs(newGroups: readonly EventGroup[], oldEvents: readonly OldEvent[]): Pair[] {
  const placeOf = new Map<number, number>();
  newGroups.forEach((group, place) => {
    for (const id of group.detectionIds) placeOf.set(id, place);
  });
  return oldEvents.flatMap((oldEvent) => {
    const sharedByPlace = new Map<number, number>();
    for (const id of oldEvent.detectionIds) {
      const place = placeOf.get(id);
      if (place !== undefined) sharedByPlace.set(place, (sharedByPlace.get(place) ?? 0) + 1);
    }
    return [...sharedByPlace].flatMap(([place, shared]) => {
      const group = newGroups[place];
      return group ? [{ group, place, oldEvent, shared }] : [];
    });
  });
}

function comparePairs(a: Pair, b: Pair): number {
  return b.shared - a.shared || a.group.startedAtMs - b.group.startedAtMs || a.place - b.place || a.oldEvent.id - b.oldEvent.id;
}

/** An unmatched event with detections in new groups lost each of them to another stored event. `pairs` come best first. */
function absorberOf(id: number, pairs: readonly Pair[], keptByGroup: ReadonlyMap<EventGroup, Pair>): { id: number; byId: number }[] {
  const best = pairs.find((pair) => pair.oldEvent.id === id);
  const winner = best && keptByGroup.get(best.group);
  return winner ? [{ id, byId: winner.oldEvent.id }] : [];
}

function toKept(pair: Pair | undefined): EventMatches['kept'] {
  if (!pair) return [];
  const { group, oldEvent, shared } = pair;
  const changed = shared !== group.detectionIds.length || shared !== oldEvent.detectionIds.length;
  return [{ id: oldEvent.id, group, changed }];
}
