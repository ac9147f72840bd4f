import type { HouseholdSummaryRow, MemberSummaryRow, VehicleSummaryRow } from '../../db/queries/households.ts';
import type { ExportValue } from '../../exporters/export-record.ts';

/** Columns of a household in their order; new ones are only ever added at the end. */
export const HOUSEHOLD_COLUMNS = ['id', 'name', 'members', 'vehicles', 'properties', 'created_at'] as const;

export const HOUSEHOLD_LIST_COLUMNS = HOUSEHOLD_COLUMNS.filter((column) => column !== 'created_at');

export type HouseholdRecord = Readonly<Record<(typeof HOUSEHOLD_COLUMNS)[number], ExportValue>>;

/** `properties` are names. */
export function toHouseholdRecord({ id, name, members, vehicles, properties, created_at }: HouseholdSummaryRow): HouseholdRecord {
  return { id, name, members, vehicles, properties, created_at };
}

/** Columns of a member in their order; new ones are only ever added at the end. */
export const MEMBER_COLUMNS = ['id', 'name', 'household', 'role', 'trust', 'pictures', 'schedule', 'notes', 'created_at'] as const;

export const MEMBER_LIST_COLUMNS = MEMBER_COLUMNS.filter((column) => column !== 'created_at');

/** `pictures`: how many reference vectors the member can be recognised by. */
export type MemberRecord = {
  id: number;
  name: string;
  household: string;
  role: string;
  trust: string;
  pictures: number;
  schedule: Record<string, unknown> | null;
  notes: string | null;
  created_at: Date;
};

export function toMemberRecord(row: MemberSummaryRow): MemberRecord {
  return {
    id: row.id,
    name: row.name,
    household: row.household_name,
    role: row.role,
    trust: row.trusted_level,
    pictures: row.pictures,
    schedule: row.typical_schedule,
    notes: row.notes,
    created_at: row.created_at,
  };
}

/** Columns of a vehicle in their order; new ones are only ever added at the end. */
export const VEHICLE_COLUMNS = [
  'id',
  'description',
  'household',
  'vehicle_type',
  'plate',
  'color',
  'owner',
  'trusted',
  'created_at',
] as const;

export const VEHICLE_LIST_COLUMNS = VEHICLE_COLUMNS.filter((column) => column !== 'created_at');

export type VehicleRecord = {
  id: number;
  description: string;
  household: string;
  vehicle_type: string;
  plate: string | null;
  color: string | null;
  owner: string | null;
  trusted: boolean;
  created_at: Date;
};

export function toVehicleRecord(row: VehicleSummaryRow): VehicleRecord {
  return {
    id: row.id,
    description: row.description,
    household: row.household_name,
    vehicle_type: row.vehicle_type,
    plate: row.license_plate,
    color: row.color,
    owner: row.owner_name,
    trusted: row.trusted,
    created_at: row.created_at,
  };
}
