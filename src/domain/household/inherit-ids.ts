/** One sighting: the entity it is of now, and the one it was of before, if any. */
export type Succession = { now: string; before: string | null };

type InheritOptions = {
  /** Entities a user named, trusted or distrusted: they come first. */
  curated: ReadonlySet<string>;
  /** Entities that go by their own id anyway. */
  fixed: ReadonlySet<string>;
};

/**
 * Which old id each new entity goes by: that of the old one it shares most sightings with. An old id goes to one entity, an entity takes
 * one id; what a user named, trusted or distrusted chooses first. Equals go by the order of ids.
 */
export function inheritIds(sightings: Iterable<Succession>, { curated, fixed }: InheritOptions): Map<string, string> {
  const shared = new Map<string, { now: string; before: string; count: number }>();
  for (const { now, before } of sightings) {
    if (before === null || fixed.has(before) || fixed.has(now)) continue;
    const key = `${now} ${before}`;
    const pair = shared.get(key) ?? { now, before, count: 0 };
    pair.count += 1;
    shared.set(key, pair);
  }
  const isCurated = (id: string): number => (curated.has(id) ? 1 : 0);
  const pairs = [...shared.values()].sort(
    (a, b) => isCurated(b.before) - isCurated(a.before) || b.count - a.count || compare(a.before, b.before) || compare(a.now, b.now),
  );
  const inherited = new Map<string, string>();
  const taken = new Set<string>();
  for (const { now, before } of pairs) {
    if (inherited.has(now) || taken.has(before)) continue;
    inherited.set(now, before);
    taken.add(before);
  }
  return inherited;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
