import type { CameraSummaryRow } from '../../db/queries/cameras.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { cameraZone, type ZoneSettings } from './camera-zone.ts';

/** Columns of a camera in their order; new ones are only ever added at the end. */
export const CAMERA_COLUMNS = [
  'id',
  'name',
  'property',
  'timezone',
  'recording',
  'enabled',
  'files',
  'failed_files',
  'events',
  'last_seen_at',
  'timezone_from',
  'clock_offset_s',
  'moving',
  'status',
  'folder_path',
  'folders',
  'created_at',
  'last_seen_at_local',
] as const;

export type CameraColumn = (typeof CAMERA_COLUMNS)[number];

const LIST_COLUMN_COUNT = 10;
export const CAMERA_LIST_COLUMNS: readonly CameraColumn[] = CAMERA_COLUMNS.slice(0, LIST_COLUMN_COUNT);

export type CameraRecord = Readonly<Record<CameraColumn, ExportValue>>;

/** A camera as people and programs read it; `timezone` is the one that holds, `timezone_from` says who set it. */
export function toCameraRecord(row: CameraSummaryRow, settings: ZoneSettings): CameraRecord {
  const timezone = cameraZone({ camera_id: row.id, camera_timezone: row.timezone, property_timezone: row.property_timezone }, settings);
  return {
    id: row.id,
    name: row.name,
    property: row.property_name,
    timezone,
    recording: row.recording,
    enabled: row.enabled,
    files: row.files,
    failed_files: row.failed_files,
    events: row.events,
    last_seen_at: row.last_seen_at,
    timezone_from: zoneOrigin(row, settings),
    clock_offset_s: row.clock_offset_s,
    moving: row.moving,
    status: row.status,
    folder_path: row.folder_path,
    folders: row.folders ?? [],
    created_at: row.created_at,
    last_seen_at_local: row.last_seen_at && formatLocal(row.last_seen_at.getTime(), timezone),
  };
}

function zoneOrigin(row: CameraSummaryRow, settings: ZoneSettings): string {
  if (row.timezone !== null) return 'camera';
  if (row.property_timezone !== null) return 'property';
  const isConfigured = Object.hasOwn(settings.cameras, row.id) && settings.cameras[row.id]?.timezone !== undefined;
  return isConfigured || settings.timezone !== undefined ? 'configuration' : 'default';
}
