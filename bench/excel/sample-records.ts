import type { ExportRecord } from '../../src/exporters/export-record.ts';

const START_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;

/** Detections as an export has them: 20 columns with values, among them two times. */
export const SAMPLE_COLUMNS = Object.keys(sampleRecord(0));

export function* sampleRecords(count: number): Iterable<ExportRecord> {
  for (let index = 0; index < count; index += 1) yield sampleRecord(index);
}

function sampleRecord(index: number): ExportRecord {
  const atMs = START_MS + index * 500;
  const clip = index % 5000;
  return {
    id: index + 1,
    event_ids: [1 + (index % 700)],
    camera_id: 'front_door',
    camera_name: 'Front door',
    detected_at: new Date(atMs),
    detected_at_local: new Date(atMs + HOUR_MS).toISOString().replace('Z', '+01:00'),
    timezone: 'Europe/Berlin',
    object_type: 'person',
    confidence: 0.25 + (index % 7500) / 10_000,
    bbox_x: index % 1800,
    bbox_y: index % 900,
    bbox_width: 100,
    bbox_height: 180,
    image_width: 1920,
    image_height: 1080,
    zones: ['porch', 'drive'],
    track_id: index % 1000,
    is_static: false,
    media_type: 'video',
    file_path: `/footage/front_door/2026-01-01/clip-${String(clip)}.mp4`,
    file_sha256: String(clip).padStart(64, '0'),
    frame_offset_ms: index % 60_000,
    model: 'yolox_nano',
    time_source: 'filename',
  };
}
