import type { Knex } from 'knex';

import { listVehicleSummaries } from '../../db/queries/households.ts';
import { findArrivals, findVehicleCrops, type ArrivalRow, type VehicleCropRow } from '../../db/queries/facts/vehicles.ts';
import type { TrackSpan } from '../../db/queries/facts/event-subjects.ts';
import { ARRIVAL_MS, standsBeside } from '../../domain/household/came-with.ts';
import { trackAppearance } from '../../domain/household/appearance.ts';
import { matchVehicle, type KnownVehicle, type SeenVehicle } from '../../domain/household/match-vehicle.ts';
import type { SubjectFacts, SubjectIdentity } from '../../domain/risk/event-facts.ts';
import { decodeVector } from '../../domain/vector.ts';
import { groupBy } from '../../lib/group-by.ts';
import { spansOfTracks, type FactPage } from './fact-page.ts';

type RegisteredVehicle = Extract<SubjectIdentity, { kind: 'vehicle' }>;

/** Registered vehicles by the track that shows them. */
export type VehicleBook = ReadonlyMap<number, RegisteredVehicle>;

/** Which of the vehicles of a page are registered. */
export async function findRegisteredVehicles(knex: Knex, { subjects }: FactPage): Promise<VehicleBook> {
  return matchTracks(knex, spansOfTracks(subjects.filter(({ class_group: group }) => group === 'vehicle')));
}

/** People that appeared beside a trusted registered vehicle soon after it (§9.1 `companion`), by track. */
export async function findArrivingPeople(
  knex: Knex,
  { subjects }: FactPage,
): Promise<ReadonlyMap<number, NonNullable<SubjectFacts['cameWithVehicle']>>> {
  const persons = spansOfTracks(subjects.filter(({ class_group: group }) => group === 'person'));
  if (persons.length === 0) return new Map();
  const arrivals = (await findArrivals(knex, { persons, withinMs: ARRIVAL_MS })).filter(isBeside);
  const cameraOf = new Map(persons.map(({ trackId, cameraId }) => [trackId, cameraId]));
  const vehicles = await matchTracks(
    knex,
    arrivals.map((row) => ({
      trackId: row.vehicle_track_id,
      cameraId: cameraOf.get(row.person_track_id) ?? '',
      from: row.vehicle_first_seen,
      until: row.vehicle_last_seen,
    })),
  );
  return new Map(
    arrivals.flatMap(({ person_track_id: personId, vehicle_track_id: vehicleTrackId }) => {
      const vehicle = vehicles.get(vehicleTrackId);
      if (vehicle?.trusted !== true) return [];
      return [[personId, { vehicleId: vehicle.vehicleId, description: vehicle.description }] as const];
    }),
  );
}

function isBeside({ px, py, pw, ph, vx, vy, vw, vh }: ArrivalRow): boolean {
  return standsBeside({ x: px, y: py, width: pw, height: ph }, { x: vx, y: vy, width: vw, height: vh });
}

async function matchTracks(knex: Knex, spans: readonly TrackSpan[]): Promise<VehicleBook> {
  if (spans.length === 0) return new Map();
  const registered = await listVehicleSummaries(knex);
  const known = registered.map(({ id, license_plate: plate, reid_embedding: vector, reid_model_id: modelId }): KnownVehicle => ({
    vehicleId: id,
    plate,
    appearance: vector === null || modelId === null ? null : { modelId, vector: decodeVector(vector) },
  }));
  const byId = new Map(registered.map((vehicle) => [vehicle.id, vehicle]));
  const crops = groupBy(await findVehicleCrops(knex, spans), ({ track_id: trackId }) => trackId);
  return new Map(
    [...crops].flatMap(([trackId, rows]) => {
      const vehicle = byId.get(matchVehicle(toSeen(rows), known)?.vehicleId ?? -1);
      if (!vehicle) return [];
      const { id: vehicleId, description, trusted } = vehicle;
      return [[trackId, { kind: 'vehicle', vehicleId, description, trusted }] as const];
    }),
  );
}

function toSeen(rows: readonly VehicleCropRow[]): SeenVehicle {
  const crops = rows.flatMap(({ embedding, model_id: modelId, height, quality }) => {
    if (embedding === null || modelId === null) return [];
    return [{ modelId, vector: decodeVector(embedding), heightPx: height ?? 0, quality: quality ?? 0 }];
  });
  return { plate: mostReadPlate(rows.flatMap(({ plates }) => platesIn(plates))), appearance: trackAppearance(crops) };
}

/** Other programs write these: a list of texts, or of objects with a text. */
function platesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(platesIn);
  if (typeof value !== 'object' || value === null) return [];
  const { text, plate } = value as Record<string, unknown>;
  return [text, plate].filter((part) => typeof part === 'string');
}

function mostReadPlate(plates: readonly string[]): string | null {
  const counts = [...groupBy(plates, (plate) => plate)].map(([plate, same]) => ({ plate, count: same.length }));
  return counts.toSorted((a, b) => b.count - a.count || (a.plate < b.plate ? -1 : 1))[0]?.plate ?? null;
}
