import type { PropertySummaryRow } from '../../db/queries/properties.ts';
import type { ExportValue } from '../../exporters/export-record.ts';

/** Columns of a property in their order; new ones are only ever added at the end. */
export const PROPERTY_COLUMNS = ['id', 'name', 'household', 'timezone', 'cameras', 'areas', 'address', 'created_at'] as const;

export type PropertyColumn = (typeof PROPERTY_COLUMNS)[number];

export const PROPERTY_LIST_COLUMNS: readonly PropertyColumn[] = PROPERTY_COLUMNS.filter((column) => column !== 'created_at');

export type PropertyRecord = Readonly<Record<PropertyColumn, ExportValue>>;

export function toPropertyRecord(row: PropertySummaryRow): PropertyRecord {
  return {
    id: row.id,
    name: row.name,
    household: row.household_name,
    timezone: row.timezone,
    cameras: row.cameras,
    areas: row.areas,
    address: row.address,
    created_at: row.created_at,
  };
}
