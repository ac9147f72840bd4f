import type { Database } from '../../src/db/database.ts';
import { insertZone } from '../../src/db/models/zones.ts';
import { deriveCamera } from '../../src/services/derive/derive-camera.ts';
import { cameraName, RUN_ID } from './saved-footage.ts';
import type { Subject } from './shipped-queries.ts';

type Knex = Database['knex'];

/**
 * Derives tracks and events of one camera-day in the middle of the footage as the product does, gives every other file an event
 * that holds its detections, draws a zone, so that the store is as full as it would be, and brings the planner's numbers up to date.
 */
export async function prepareSubject(knex: Knex): Promise<Subject> {
  const cameraId = cameraName(0);
  const { id: fileId, day } = await middleFile(knex, cameraId);
  const ofDay = "camera_id = :cameraId AND captured_at >= :day::timestamptz AND captured_at < :day::timestamptz + interval '1 day'";
  await knex.raw(`UPDATE media_files SET derive_from = NULL, derive_until = NULL WHERE NOT (${ofDay})`, { cameraId, day });
  await deriveCamera({ knex, camera: { id: cameraId, enabled: true, gates: {} } });
  await addEvents(knex);
  const coordinates: [number, number][] = [
    [0.1, 0.3],
    [0.6, 0.2],
    [0.7, 1],
    [0.2, 0.9],
  ];
  await insertZone(knex, { id: 'bench', name: 'bench', camera_id: cameraId, shape: 'polygon', coordinates });
  await knex.raw('VACUUM (ANALYZE) detections, media_files, events, event_detections, tracks, cameras');
  const { eventId, trackId } = await derivedOf(knex, fileId);
  return { cameraId, day, fileId, eventId, trackId, runId: RUN_ID };
}

async function middleFile(knex: Knex, cameraId: string): Promise<{ id: number; day: string }> {
  const { rows } = await knex.raw<{ rows: { id: number; day: string }[] }>(
    `SELECT id, to_char(captured_at, 'YYYY-MM-DD') AS day FROM media_files WHERE camera_id = ? ORDER BY captured_at
     OFFSET (SELECT count(*) / 2 FROM media_files WHERE camera_id = ?) LIMIT 1`,
    [cameraId, cameraId],
  );
  return rows[0]!;
}

async function addEvents(knex: Knex): Promise<void> {
  await knex.raw(`
    WITH added AS (
      INSERT INTO events (batch_id, camera_id, started_at, ended_at, object_types, detection_count, max_score)
      SELECT 'bench-' || f.id, f.camera_id, f.captured_at, f.ended_at, 'person', 1, 0.9 FROM media_files f
       WHERE NOT EXISTS (SELECT FROM events e WHERE e.camera_id = f.camera_id AND f.captured_at <= e.ended_at AND f.ended_at >= e.started_at)
      RETURNING id, batch_id)
    INSERT INTO event_detections (event_id, detection_id, detected_at)
    SELECT a.id, d.id, d.detected_at FROM added a JOIN detections d ON 'bench-' || d.media_file_id = a.batch_id`);
}

async function derivedOf(knex: Knex, fileId: number): Promise<{ eventId: number; trackId: number }> {
  const { rows } = await knex.raw<{ rows: { eventId: number; trackId: number }[] }>(
    `SELECT m.event_id AS "eventId", d.track_id AS "trackId"
       FROM media_files f
       JOIN detections d ON d.media_file_id = f.id AND d.detected_at BETWEEN f.captured_at AND f.ended_at
       JOIN event_detections m ON m.detection_id = d.id AND m.detected_at = d.detected_at
      WHERE f.id = ? AND d.track_id IS NOT NULL LIMIT 1`,
    [fileId],
  );
  if (rows[0] === undefined) throw new Error('the file in the middle has no track in an event');
  return rows[0];
}
