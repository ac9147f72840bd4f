import { normalizePlate } from '../license-plate.ts';

const LOOKALIKES: ReadonlyMap<string, string> = new Map([
  ['O', '0'],
  ['I', '1'],
  ['B', '8'],
  ['S', '5'],
  ['Z', '2'],
]);
/** Shorter plates have too few characters for a guess. */
const MIN_LENGTH = 5;

export type PlateSimilarity = 1 | 0.95 | 0;

/** 1 for the same plate, 0.95 where only characters differ that are read for each other, else 0. An empty plate is like none. */
export function plateSimilarity(a: string, b: string): PlateSimilarity {
  const [plateA, plateB] = [normalizePlate(a), normalizePlate(b)];
  if (plateA === '' || plateB === '') return 0;
  if (plateA === plateB) return 1;
  return Array.from(plateA).length >= MIN_LENGTH && withoutLookalikes(plateA) === withoutLookalikes(plateB) ? 0.95 : 0;
}

function withoutLookalikes(plate: string): string {
  return plate.replace(/[OIBSZ]/g, (letter) => LOOKALIKES.get(letter) ?? letter);
}
