import type { ZoneRow } from '../../db/models/zones.ts';
import type { ExportValue } from '../../exporters/export-record.ts';

/** Columns of a zone in their order; new ones are only ever added at the end. */
export const ZONE_COLUMNS = [
  'id',
  'camera_id',
  'name',
  'zone_type',
  'purpose',
  'priority',
  'enabled',
  'shape',
  'anchor',
  'classes',
  'color',
  'coordinates',
  'suspect',
  'created_at',
  'updated_at',
] as const;

export type ZoneColumn = (typeof ZONE_COLUMNS)[number];

const LIST_COLUMN_COUNT = 7;
export const ZONE_LIST_COLUMNS: readonly ZoneColumn[] = ZONE_COLUMNS.slice(0, LIST_COLUMN_COUNT);

export type ZoneRecord = Readonly<Record<Exclude<ZoneColumn, 'coordinates'>, ExportValue> & { coordinates: ZoneRow['coordinates'] }>;

/** `suspect`: the camera's view has changed since, so the zone may lie elsewhere; `classes` is null where it holds for all. */
export function toZoneRecord(row: ZoneRow, suspectCameras: ReadonlySet<string>): ZoneRecord {
  return {
    id: row.id,
    camera_id: row.camera_id,
    name: row.name,
    zone_type: row.zone_type,
    purpose: row.purpose,
    priority: row.priority,
    enabled: row.enabled,
    shape: row.shape,
    anchor: row.anchor,
    classes: row.classes,
    color: row.color,
    coordinates: row.coordinates,
    suspect: suspectCameras.has(row.camera_id),
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
