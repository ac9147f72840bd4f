import type { Knex } from 'knex';

export type ReportCameraRow = { id: string; name: string; first_at: Date | null; last_at: Date | null };

/** Cameras with when their footage begins and ends, by id. */
export async function findReportCameras(knex: Knex, cameraIds: readonly string[]): Promise<ReportCameraRow[]> {
  const { rows } = await knex.raw<{ rows: ReportCameraRow[] }>(
    `SELECT c.id, c.name, min(f.captured_at) AS first_at, max(coalesce(f.ended_at, f.captured_at)) AS last_at
       FROM cameras c LEFT JOIN media_files f ON f.camera_id = c.id
      WHERE c.id = ANY (?) GROUP BY c.id ORDER BY c.id`,
    [[...cameraIds]],
  );
  return rows;
}
