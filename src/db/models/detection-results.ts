import type { Knex } from 'knex';

import type { CameraInterval } from './detections.ts';

/** Tables with results of optional models, keyed by detection. */
export type ResultTable = 'pose_results' | 'threat_detections' | 'demographics_results' | 'reid_embeddings' | 'action_results';

/** A detection by both columns of its key: by id alone every month would be searched. */
export type DetectionKey = { detectionId: number; detectedAt: Date };

/** Columns that every result table has. */
export type ResultColumns = { id: number; detection_id: number; detected_at: Date; created_at: Date };

/** A result to store: the database gives the rest. */
export type NewResult<Row extends ResultColumns> = Omit<Row, 'id' | 'created_at'>;

const ROWS_PER_STATEMENT = 500;

/** One result per detection: the result of an earlier run is replaced and keeps its id. */
export async function upsertResults(knex: Knex, table: ResultTable, rows: readonly Record<string, unknown>[]): Promise<void> {
  for (const slice of slicesOf(rows)) await knex(table).insert(slice).onConflict('detection_id').merge();
}

export async function insertResults(knex: Knex, table: ResultTable, rows: readonly Record<string, unknown>[]): Promise<void> {
  for (const slice of slicesOf(rows)) await knex(table).insert(slice);
}

/** Results of these detections, by detection. */
export async function findResults<Row>(knex: Knex, table: ResultTable, detections: readonly DetectionKey[]): Promise<Row[]> {
  const { rows } = await knex.raw<{ rows: Row[] }>(
    `SELECT r.* FROM ?? r JOIN unnest(?::bigint[], ?::timestamptz[]) AS u(detection_id, detected_at) USING (detection_id, detected_at)
      ORDER BY r.detection_id, r.id`,
    [table, ...toArrays(detections)],
  );
  return rows;
}

/** Results of a camera in a footage interval, in footage order. */
export async function listResults<Row>(knex: Knex, table: ResultTable, interval: CameraInterval): Promise<Row[]> {
  const { rows } = await knex.raw<{ rows: Row[] }>(
    `SELECT r.* FROM detections d JOIN ?? r ON r.detection_id = d.id AND r.detected_at = d.detected_at
      WHERE d.camera_id = ? AND d.detected_at BETWEEN ? AND ?
      ORDER BY d.detected_at, d.id, r.id`,
    [table, interval.cameraId, interval.from, interval.until],
  );
  return rows;
}

export async function deleteResults(knex: Knex, table: ResultTable, detections: readonly DetectionKey[]): Promise<void> {
  await knex.raw(
    `DELETE FROM ?? r USING unnest(?::bigint[], ?::timestamptz[]) AS u(detection_id, detected_at)
      WHERE r.detection_id = u.detection_id AND r.detected_at = u.detected_at`,
    [table, ...toArrays(detections)],
  );
}

function toArrays(detections: readonly DetectionKey[]): [ids: number[], times: string[]] {
  return [detections.map((key) => key.detectionId), detections.map((key) => key.detectedAt.toISOString())];
}

function* slicesOf<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) yield rows.slice(start, start + ROWS_PER_STATEMENT);
}
