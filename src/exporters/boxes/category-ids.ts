export type CategoryIds = {
  of(label: string): number;
  /** Those asked for until now, by id. */
  entries(): [number, string][];
};

/** Gives a label its id in `fixed`, or the next free one from `firstFree` on when it is not there. */
export function createCategoryIds(fixed: ReadonlyMap<string, number>, firstFree: number): CategoryIds {
  const used = new Map<string, number>();
  let next = firstFree;
  return {
    of: (label) => {
      let id = used.get(label);
      if (id === undefined) {
        id = fixed.get(label) ?? next++;
        used.set(label, id);
      }
      return id;
    },
    entries: () => [...used].map(([label, id]): [number, string] => [id, label]).sort(([a], [b]) => a - b),
  };
}
