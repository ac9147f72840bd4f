import type { DetectionListRow } from '../../db/queries/detections.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { toPlaced, zoneNamesOf, type CameraZones } from '../zones/camera-zones.ts';

/** Columns of an exported detection in their order; new ones are only ever added at the end. */
export const DETECTION_COLUMNS = [
  'id',
  'event_ids',
  'camera_id',
  'camera_name',
  'detected_at',
  'detected_at_local',
  'timezone',
  'object_type',
  'confidence',
  'bbox_x',
  'bbox_y',
  'bbox_width',
  'bbox_height',
  'image_width',
  'image_height',
  'zones',
  'track_id',
  'is_static',
  'entity_id',
  'media_type',
  'file_path',
  'file_sha256',
  'frame_offset_ms',
  'thumbnail_path',
  'model',
  'time_source',
] as const;

export type DetectionColumn = (typeof DETECTION_COLUMNS)[number];

/** Columns of `hs detections list` unless others are asked for. */
export const DETECTION_LIST_COLUMNS = [
  'id',
  'detected_at',
  'camera_id',
  'object_type',
  'confidence',
  'zones',
  'track_id',
  'is_static',
  'file_path',
  'frame_offset_ms',
] as const satisfies readonly DetectionColumn[];

export type DetectionRecord = Readonly<Record<DetectionColumn, ExportValue>>;

/** Columns of `hs detections list`: those of an export, and what optional stages noted. */
export const DETECTION_VIEW_COLUMNS = [...DETECTION_COLUMNS, 'enrichment'] as const;

export type DetectionView = DetectionRecord & Readonly<{ enrichment: object | null }>;

/** The same with what optional stages noted of it; null: none looked. */
export function toDetectionView(row: DetectionListRow, settings: ZoneSettings, zones?: CameraZones): DetectionView {
  return { ...toDetectionRecord(row, settings, zones), enrichment: row.enrichment_data ?? null };
}

/** A detection as people and programs read it; its zones are told when `zones` are given. Entities have no source yet and stay empty. */
export function toDetectionRecord(row: DetectionListRow, settings: ZoneSettings, zones?: CameraZones): DetectionRecord {
  const timezone = cameraZone(row, settings);
  const regions = zones?.get(row.camera_id);
  const placed = regions && toPlaced(row);
  return {
    id: row.id,
    event_ids: row.event_ids ?? [],
    camera_id: row.camera_id,
    camera_name: row.camera_name,
    detected_at: row.detected_at,
    detected_at_local: formatLocal(row.detected_at.getTime(), timezone),
    timezone,
    object_type: row.object_type,
    confidence: row.confidence,
    bbox_x: row.bbox_x,
    bbox_y: row.bbox_y,
    bbox_width: row.bbox_width,
    bbox_height: row.bbox_height,
    image_width: row.image_width,
    image_height: row.image_height,
    zones: zoneNamesOf(regions, placed === undefined ? [] : [placed]),
    track_id: row.track_id,
    is_static: row.is_static,
    entity_id: null,
    media_type: row.media_type,
    file_path: row.file_path,
    file_sha256: row.file_sha256,
    frame_offset_ms: row.frame_offset_ms,
    thumbnail_path: row.thumbnail_path,
    model: row.model,
    time_source: row.time_source,
  };
}
