import type { Knex } from 'knex';

import { isInForce } from '../../models/evidence-holds.ts';

/** Footage of a camera before this instant is over age. */
export type CameraLimit = { cameraId: string; before: Date };

/** `l (camera_id, before)`: the limits that `limitBindings` binds. */
export const LIMITS = 'unnest(:cameras::text[], :befores::timestamptz[]) AS l(camera_id, before)';

export function limitBindings(limits: readonly CameraLimit[]): Record<'cameras' | 'befores', Knex.RawBinding> {
  return {
    cameras: limits.map(({ cameraId }) => cameraId),
    befores: limits.map(({ before }) => before.toISOString()),
  };
}

export const ENDED = 'coalesce(e.ended_at, e.started_at)';

/** Why an event `e` stays whatever its age, and with it what it consists of. */
export const REASONS = {
  notes: 'e.notes IS NOT NULL',
  flagged: 'e.flagged',
  missed_threat: `EXISTS (SELECT FROM event_feedback f WHERE f.event_id = e.id AND f.feedback_type = 'missed_threat')`,
  held: `EXISTS (SELECT FROM evidence_holds h WHERE h.event_id = e.id AND ${isInForce('h')})`,
} as const;

export const HAS_REASON = `(${Object.values(REASONS).join(' OR ')})`;

/** End of the newest footage of each camera: the clock that its retention runs by. */
export async function findFootageEnds(knex: Knex): Promise<Map<string, Date>> {
  const { rows } = await knex.raw<{ rows: { camera_id: string; ends_at: Date | null }[] }>(
    `SELECT c.id AS camera_id,
            coalesce((SELECT max(coalesce(f.ended_at, f.captured_at)) FROM media_files f WHERE f.camera_id = c.id), c.last_seen_at) AS ends_at
       FROM cameras c ORDER BY c.id`,
  );
  return new Map(rows.flatMap(({ camera_id, ends_at }) => (ends_at === null ? [] : [[camera_id, ends_at]])));
}
