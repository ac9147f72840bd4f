import { DEFAULT_SIMILARITY_THRESHOLD, reaches, similarityOf } from './appearance.ts';
import type { Appearance } from './appearance.ts';
import { plateSimilarity } from './plate-similarity.ts';

/** What was seen of a vehicle; null where it was not read. */
export type SeenVehicle = { plate: string | null; appearance: Appearance | null };

export type KnownVehicle = SeenVehicle & { vehicleId: number };

export type VehicleMatch = { vehicleId: number; by: 'plate' | 'appearance'; similarity: number };

type Candidate = { vehicleId: number; similarity: number };

/** The registered vehicle that was seen: by its plate, else by its look. Null where none fits best. */
export function matchVehicle(
  seen: SeenVehicle,
  vehicles: readonly KnownVehicle[],
  threshold: number = DEFAULT_SIMILARITY_THRESHOLD,
): VehicleMatch | null {
  const byPlate = vehicles
    .map(({ vehicleId, plate }) => ({ vehicleId, similarity: plateSimilarity(seen.plate ?? '', plate ?? '') }))
    .filter(({ similarity }) => similarity > 0);
  if (byPlate.length > 0) return theHighest(byPlate, 'plate');
  const byLook = vehicles
    .map(({ vehicleId, appearance }) => ({ vehicleId, similarity: compare(seen.appearance, appearance) }))
    .filter(({ similarity }) => reaches(similarity, threshold));
  return theHighest(byLook, 'appearance');
}

function compare(a: Appearance | null, b: Appearance | null): number {
  return (a && b && similarityOf(a, b)) ?? -Infinity;
}

function theHighest(candidates: readonly Candidate[], by: VehicleMatch['by']): VehicleMatch | null {
  const [best, second] = candidates.toSorted((a, b) => b.similarity - a.similarity);
  if (!best || best.similarity === second?.similarity) return null;
  return { ...best, by };
}
