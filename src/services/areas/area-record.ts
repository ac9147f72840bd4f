import type { AreaSummaryRow } from '../../db/queries/areas.ts';
import type { ExportValue } from '../../exporters/export-record.ts';

/** Columns of an area in their order; new ones are only ever added at the end. */
export const AREA_COLUMNS = ['id', 'name', 'property', 'cameras', 'color', 'description', 'created_at'] as const;

export type AreaColumn = (typeof AREA_COLUMNS)[number];

export const AREA_LIST_COLUMNS: readonly AreaColumn[] = AREA_COLUMNS.filter((column) => column !== 'created_at');

export type AreaRecord = Readonly<Record<AreaColumn, ExportValue>>;

/** `cameras` are ids. */
export function toAreaRecord(row: AreaSummaryRow): AreaRecord {
  return {
    id: row.id,
    name: row.name,
    property: row.property_name,
    cameras: row.camera_ids,
    color: row.color,
    description: row.description,
    created_at: row.created_at,
  };
}
