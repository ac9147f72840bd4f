import type { FileListRow } from '../../db/queries/media-files.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';

/** Columns of a ledger entry in their order; the first ten are those of `hs files list`. */
export const FILE_COLUMNS = [
  'id',
  'status',
  'code',
  'fraction',
  'camera_id',
  'started_at',
  'time_source',
  'duration_s',
  'detections',
  'path',
  'timezone',
  'media_type',
  'sha256',
  'size_bytes',
  'attempts',
  'next_retry_at',
  'message',
  'started_at_local',
] as const;

export type FileColumn = (typeof FILE_COLUMNS)[number];

const LIST_COLUMN_COUNT = 10;
export const FILE_LIST_COLUMNS: readonly FileColumn[] = FILE_COLUMNS.slice(0, LIST_COLUMN_COUNT);

export type FileRecord = Readonly<Record<FileColumn, ExportValue>>;

export function toFileRecord(row: FileListRow, settings: ZoneSettings): FileRecord {
  const timezone = cameraZone(row, settings);
  return {
    id: row.id,
    status: row.status,
    code: row.failure_code,
    fraction: row.readable_fraction,
    camera_id: row.camera_id,
    started_at: row.captured_at,
    time_source: row.captured_at_source,
    duration_s: row.duration_ms === null ? null : row.duration_ms / 1000,
    detections: row.detections,
    path: row.path,
    timezone,
    media_type: row.media_type,
    sha256: row.content_sha256,
    size_bytes: row.size_bytes,
    attempts: row.attempts,
    next_retry_at: row.next_retry_at,
    message: row.failure_message,
    started_at_local: row.captured_at && formatLocal(row.captured_at.getTime(), timezone),
  };
}
