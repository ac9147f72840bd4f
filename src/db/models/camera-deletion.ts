import type { Knex } from 'knex';

type SliceOptions = { cameraId: string; from: Date; until: Date; limit: number };

/** Deletes some detections of a camera in a span, with everything that hangs on them; returns how many. */
export async function deleteDetectionSlice(knex: Knex, options: SliceOptions): Promise<number> {
  const { cameraId, from, until, limit } = options;
  const { rowCount } = await knex.raw<{ rowCount: number }>(
    `DELETE FROM detections d
      USING (SELECT id, detected_at FROM detections WHERE camera_id = ? AND detected_at >= ? AND detected_at < ? LIMIT ?) AS s
      WHERE d.id = s.id AND d.detected_at = s.detected_at AND d.detected_at >= ? AND d.detected_at < ?`,
    [cameraId, from, until, limit, from, until],
  );
  return rowCount;
}

/** Deletes the camera; the database deletes everything that belongs to it. False when there is no such camera. */
export async function deleteCameraRow(trx: Knex.Transaction, cameraId: string): Promise<boolean> {
  return (await trx('cameras').where({ id: cameraId }).delete()) > 0;
}
