import type { Knex } from 'knex';
import type { SceneChangeRow } from '../models/scene-changes.ts';

export type UntoldSceneChange = {
  change: SceneChangeRow;
  camera: { name: string; camera_timezone: string | null; property_timezone: string | null };
};

/** Open changes of views that nobody was told of, none that is near one of its kind that somebody was told of; in footage order. */
export async function findUntoldSceneChanges(
  knex: Knex,
  { since, cooldownSeconds }: { since: Date; cooldownSeconds: number },
): Promise<UntoldSceneChange[]> {
  const { rows } = await knex.raw<{ rows: (SceneChangeRow & UntoldSceneChange['camera'])[] }>(
    `SELECT s.*, c.name, c.timezone AS camera_timezone, p.timezone AS property_timezone
       FROM scene_changes s JOIN cameras c ON c.id = s.camera_id LEFT JOIN properties p ON p.id = c.property_id
      WHERE NOT s.acknowledged AND s.ended_at IS NULL AND s.notified_at IS NULL AND s.detected_at >= ?
        AND NOT EXISTS (
          SELECT FROM scene_changes o
           WHERE o.camera_id = s.camera_id AND o.change_type = s.change_type AND o.notified_at IS NOT NULL
             AND abs(extract(epoch FROM o.detected_at - s.detected_at)) < ?)
      ORDER BY s.detected_at, s.id`,
    [since, cooldownSeconds],
  );
  return rows.map(({ name, camera_timezone, property_timezone, ...change }) => ({
    change,
    camera: { name, camera_timezone, property_timezone },
  }));
}
