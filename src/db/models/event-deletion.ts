import type { Knex } from 'knex';

/** Deletes events; returns the paths of the clips they had: files to remove when the transaction is committed. */
export async function deleteEvents(trx: Knex.Transaction, ids: readonly number[]): Promise<string[]> {
  return ids.length === 0 ? [] : deleteWithClips(trx, 'id = ANY (?::bigint[])', [[...ids]]);
}

/** The same for every event of a camera. */
export async function deleteEventsOfCamera(trx: Knex.Transaction, cameraId: string): Promise<string[]> {
  return deleteWithClips(trx, 'camera_id = ?', [cameraId]);
}

/** The same for all there are. */
export async function deleteAllEvents(trx: Knex.Transaction): Promise<string[]> {
  return deleteWithClips(trx, 'true', []);
}

/** Few events have a clip: only those are brought here. */
async function deleteWithClips(trx: Knex.Transaction, condition: string, bindings: Knex.RawBinding[]): Promise<string[]> {
  const { rows } = await trx.raw<{ rows: { clip_path: string }[] }>(
    `WITH gone AS (DELETE FROM events WHERE ${condition} RETURNING clip_path) SELECT clip_path FROM gone WHERE clip_path IS NOT NULL`,
    bindings,
  );
  return rows.map((row) => row.clip_path);
}
