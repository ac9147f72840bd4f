import type { Knex } from 'knex';
import {
  deleteRegisteredVehicle,
  insertRegisteredVehicle,
  updateRegisteredVehicle,
  type RegisteredVehiclePatch,
} from '../../db/models/registered-vehicles.ts';
import { listVehicleSummaries } from '../../db/queries/households.ts';
import { VEHICLE_TYPES } from '../../domain/enums.ts';
import { normalizePlate } from '../../domain/license-plate.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { changedColumns, type ColumnChange } from '../lists/changed-columns.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { householdIdFor } from '../properties/property-changes.ts';
import { auditHousehold } from './audit-household.ts';
import { getMember, getVehicle } from './get-household.ts';
import { toVehicleRecord, type VehicleRecord } from './household-record.ts';
import { oneOf } from './member-changes.ts';

type Act = { actor: string; /** Everything is checked, nothing is kept. */ dryRun: boolean };

/** What can be set on a vehicle; an absent one stays as it is, an empty text is removed. */
export type VehicleChanges = {
  description?: string | undefined;
  plate?: string | undefined;
  type?: string | undefined;
  color?: string | undefined;
  /** Name or id of a member. */
  owner?: string | undefined;
  trusted?: boolean | undefined;
};

export type AddVehicleOptions = Act & {
  description: string;
  /** Name of a household; may be left out when there is only one. Without any `Home` is made. */
  household?: string | undefined;
  changes: Omit<VehicleChanges, 'description'> & { type: string };
};

/** Adds a known vehicle, trusted or not. */
export async function addVehicle(knex: Knex, options: AddVehicleOptions): Promise<VehicleRecord> {
  const { actor, changes } = options;
  return inTransaction(knex, options, async (trx) => {
    const householdId = await householdIdFor(trx, options.household, actor);
    const patch = await toVehiclePatch(trx, { ...changes, description: options.description }, householdId);
    const vehicle = {
      ...patch,
      description: patch.description ?? '',
      vehicle_type: oneOf('--type', changes.type, VEHICLE_TYPES),
      household_id: householdId,
    };
    const { id } = await insertRegisteredVehicle(trx, vehicle);
    await auditHousehold(trx, { type: 'registered_vehicle', id, actor, details: { created: vehicle } });
    const [row] = await listVehicleSummaries(trx, { ids: [id] });
    if (row === undefined) throw new Error('the vehicle was not inserted');
    return toVehicleRecord(row);
  });
}

/** Changes a vehicle, by description, plate or id, and returns what really changed. */
export async function setVehicle(knex: Knex, options: Act & { vehicle: string; changes: VehicleChanges }): Promise<ColumnChange[]> {
  if (Object.values(options.changes).every((value) => value === undefined)) {
    throw new UsageError('nothing says what to change', { hint: 'give --description, --plate, --type, --color, --owner or --trusted' });
  }
  return inTransaction(knex, options, async (trx) => {
    const vehicle = await getVehicle(trx, options.vehicle);
    const patch = await toVehiclePatch(trx, options.changes, vehicle.household_id);
    const changes = changedColumns<object>(vehicle, patch);
    if (changes.length === 0) return [];
    await updateRegisteredVehicle(trx, vehicle.id, patch);
    await auditHousehold(trx, { type: 'registered_vehicle', id: vehicle.id, actor: options.actor, details: { changes } });
    return changes;
  });
}

export async function deleteVehicle(knex: Knex, options: Act & { vehicle: string }): Promise<VehicleRecord> {
  return inTransaction(knex, options, async (trx) => {
    const deleted = toVehicleRecord(await getVehicle(trx, options.vehicle));
    await auditHousehold(trx, { type: 'registered_vehicle', id: deleted.id, actor: options.actor, details: { deleted } });
    await deleteRegisteredVehicle(trx, deleted.id);
    return deleted;
  });
}

async function toVehiclePatch(knex: Knex, changes: VehicleChanges, householdId: number): Promise<RegisteredVehiclePatch> {
  const { description, plate, type, color, owner, trusted } = changes;
  return {
    ...(description === undefined ? {} : { description: checkedText(description, 'description', 200) }),
    ...(plate === undefined ? {} : { license_plate: checkedPlate(plate) }),
    ...(type === undefined ? {} : { vehicle_type: oneOf('--type', type, VEHICLE_TYPES) }),
    ...(color === undefined ? {} : { color: color.trim() === '' ? null : checkedText(color, 'colour', 50) }),
    ...(owner === undefined ? {} : { owner_id: owner.trim() === '' ? null : await ownerId(knex, owner, householdId) }),
    ...(trusted === undefined ? {} : { trusted }),
  };
}

function checkedText(text: string, what: string, longest: number): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new UsageError(`the ${what} of a vehicle is empty`);
  if (Array.from(trimmed).length <= longest) return trimmed;
  throw new UsageError(`the ${what} of a vehicle has more than ${String(longest)} characters`);
}

const LONGEST_PLATE = 20;

function checkedPlate(text: string): string | null {
  const plate = normalizePlate(text);
  if (Array.from(plate).length > LONGEST_PLATE) throw new UsageError(`the plate has more than ${String(LONGEST_PLATE)} characters`);
  return plate === '' ? null : plate;
}

async function ownerId(knex: Knex, owner: string, householdId: number): Promise<number> {
  const member = await getMember(knex, owner);
  if (member.household_id === householdId) return member.id;
  throw new UsageError(`${member.name} belongs to the household ${member.household_name}, the vehicle to another one`);
}
