import type { Knex } from 'knex';

import type { VehicleType } from '../../domain/enums.ts';
import { normalizePlate } from '../../domain/license-plate.ts';
import { encodeVector } from '../../domain/vector.ts';

/** One row of `registered_vehicles`, as stored. */
export type RegisteredVehicleRow = {
  id: number;
  household_id: number;
  description: string;
  /** Capitals without blanks or hyphens. */
  license_plate: string | null;
  vehicle_type: VehicleType;
  color: string | null;
  /** A household member. */
  owner_id: number | null;
  trusted: boolean;
  /** float32 little-endian. */
  reid_embedding: Buffer | null;
  reid_model_id: string | null;
  created_at: Date;
};

export type RegisteredVehiclePatch = Partial<
  Pick<RegisteredVehicleRow, 'description' | 'license_plate' | 'vehicle_type' | 'color' | 'owner_id' | 'trusted'>
> & { reid?: { vector: readonly number[]; modelId: string } | null };

export type NewRegisteredVehicle = Pick<RegisteredVehicleRow, 'household_id' | 'description' | 'vehicle_type'> & RegisteredVehiclePatch;

export async function insertRegisteredVehicle(knex: Knex, vehicle: NewRegisteredVehicle): Promise<RegisteredVehicleRow> {
  const [row] = await knex('registered_vehicles').insert(toColumns(vehicle)).returning<RegisteredVehicleRow[]>('*');
  if (row === undefined) throw new Error('the vehicle was not inserted');
  return row;
}

export async function listRegisteredVehicles(knex: Knex, householdId: number): Promise<RegisteredVehicleRow[]> {
  return knex<RegisteredVehicleRow>('registered_vehicles').where({ household_id: householdId }).orderBy(['description', 'id']);
}

/** However the plate is written. Plates are not unique. */
export async function findVehiclesByPlate(knex: Knex, plate: string): Promise<RegisteredVehicleRow[]> {
  return knex<RegisteredVehicleRow>('registered_vehicles')
    .where({ license_plate: normalizePlate(plate) })
    .orderBy('id');
}

/** The changed row, or undefined when there is no such vehicle. */
export async function updateRegisteredVehicle(
  knex: Knex,
  id: number,
  patch: RegisteredVehiclePatch,
): Promise<RegisteredVehicleRow | undefined> {
  if (Object.keys(patch).length === 0) return knex<RegisteredVehicleRow>('registered_vehicles').where({ id }).first();
  const [row] = await knex('registered_vehicles').where({ id }).update(toColumns(patch)).returning<RegisteredVehicleRow[]>('*');
  return row;
}

/** False when there is no such vehicle. */
export async function deleteRegisteredVehicle(knex: Knex, id: number): Promise<boolean> {
  return (await knex('registered_vehicles').where({ id }).delete()) > 0;
}

function toColumns({ license_plate: plate, reid, ...vehicle }: RegisteredVehiclePatch): Record<string, unknown> {
  const columns: Record<string, unknown> = { ...vehicle };
  if (plate !== undefined) columns['license_plate'] = plate === null ? null : normalizePlate(plate) || null;
  if (reid !== undefined) {
    columns['reid_embedding'] = reid === null ? null : encodeVector(reid.vector);
    columns['reid_model_id'] = reid?.modelId ?? null;
  }
  return columns;
}
