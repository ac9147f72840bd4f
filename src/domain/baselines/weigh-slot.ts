/** One covered hour of a slot. */
export type Occurrence = { dayNumber: number; startMs: number; count: number; exposure: number };

/** `ageDays`: local days before the newest occurrence of the slot. */
export type WeighedOccurrence = Occurrence & { ageDays: number; weight: number };

export type SlotSums = { weightedCount: number; weightedExposure: number };

export type WeighedSlot = SlotSums & { occurrences: WeighedOccurrence[]; newestMs: number; average: number };

const HALF_LIFE_DAYS = 10;

/** Weight of what lies so many local days back. */
export function ageWeight(ageDays: number): number {
  return 0.5 ** (ageDays / HALF_LIFE_DAYS);
}

/**
 * The tracks per covered hour of one slot and the numbers behind them; undefined without an occurrence. Age is counted from the newest
 * occurrence of the slot, not from today: that cancels in the quotient, so a slot changes only with its own occurrences.
 */
export function weighSlot(occurrences: readonly Occurrence[]): WeighedSlot | undefined {
  const sorted = occurrences.toSorted((a, b) => a.startMs - b.startMs);
  const newest = sorted.at(-1);
  if (!newest) return undefined;
  const weighed = sorted.map((occurrence) => {
    const ageDays = newest.dayNumber - occurrence.dayNumber;
    return { ...occurrence, ageDays, weight: ageWeight(ageDays) };
  });
  const sums = sumWeighed(weighed);
  return { ...sums, occurrences: weighed, newestMs: newest.startMs, average: sums.weightedCount / sums.weightedExposure };
}

/** Added up in the order given, which therefore has to be the same wherever results are compared: ascending time. */
export function sumWeighed(occurrences: readonly { weight: number; count: number; exposure: number }[]): SlotSums {
  let [weightedCount, weightedExposure] = [0, 0];
  for (const { weight, count, exposure } of occurrences) {
    weightedCount += weight * count;
    weightedExposure += weight * exposure;
  }
  return { weightedCount, weightedExposure };
}
