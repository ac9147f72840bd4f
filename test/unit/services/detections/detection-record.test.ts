import { expect, test } from 'vitest';
import { DETECTION_COLUMNS } from '../../../../src/services/detections/detection-record.ts';

test('has exactly the documented columns, in their order (§10.14)', () => {
  const documented =
    'id, event_ids, camera_id, camera_name, detected_at, detected_at_local, timezone, object_type, confidence, bbox_x, bbox_y, bbox_width, bbox_height, image_width, image_height, zones, track_id, is_static, entity_id, media_type, file_path, file_sha256, frame_offset_ms, thumbnail_path, model, time_source';
  expect(DETECTION_COLUMNS.join(', ')).toBe(documented);
});
