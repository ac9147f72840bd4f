import type { Knex } from 'knex';

/** What `events.anomaly_basis` holds: tracks `k` against `a` weighted tracks in `b` weighted hours. */
export type AnomalyNumbers = { score: number; k: number; a: number; b: number };
export type AnomalyBasis = { samples: number; activity: AnomalyNumbers; classes: Record<string, AnomalyNumbers> };

export type EventToScore = { id: number; started_at: Date; ended_at: Date | null; object_types: string | null };

type Page = { cameraId: string; from?: Date | undefined; until?: Date | undefined; limit: number };

/** The next events of a camera that begin in a span, ascending; `after` is the last of the page before. */
export async function findEventsToScore(knex: Knex, page: Page & { after?: EventToScore | undefined }): Promise<EventToScore[]> {
  const { cameraId, from, until, after, limit } = page;
  return knex('events')
    .where('camera_id', cameraId)
    .modify((query) => {
      if (from) void query.where('started_at', '>=', from);
      if (until) void query.where('started_at', '<', until);
      if (after) void query.whereRaw('(started_at, id) > (?, ?)', [after.started_at, after.id]);
    })
    .orderBy(['started_at', 'id'])
    .limit(limit)
    .select<EventToScore[]>('id', 'started_at', 'ended_at', 'object_types');
}

/** Begin and end of the hour of an event, and up to when tracks in it count. */
export type EventHour = { id: number; from: Date; before: Date; until: Date };

export type EventCount = { id: number; label: string; count: number };

/** Confirmed tracks by class that began in the hour of an event, up to its end. */
export async function countTracksOfEvents(knex: Knex, cameraId: string, events: readonly EventHour[]): Promise<EventCount[]> {
  const { rows } = await knex.raw<{ rows: EventCount[] }>(
    `SELECT e.id, t.object_class AS label, count(*) AS count
       FROM jsonb_to_recordset(?::jsonb) AS e(id bigint, "from" timestamptz, before timestamptz, until timestamptz)
       JOIN tracks t ON t.camera_id = ? AND t.confirmed
            AND t.first_seen >= e."from" AND t.first_seen < e.before AND t.first_seen <= e.until
      GROUP BY 1, 2`,
    [JSON.stringify(events), cameraId],
  );
  return rows;
}

/** Null: not enough history. */
export type EventAnomalyPatch = { id: number; anomaly: number | null; basis: AnomalyBasis | null };

/** Returns how many scores were not as they are now. */
export async function saveEventAnomalies(trx: Knex.Transaction, patches: readonly EventAnomalyPatch[]): Promise<number> {
  const { rowCount } = await trx.raw<{ rowCount: number }>(
    `UPDATE events e SET anomaly = p.anomaly, anomaly_basis = p.basis
       FROM jsonb_to_recordset(?::jsonb) AS p(id bigint, anomaly double precision, basis jsonb)
      WHERE e.id = p.id AND (e.anomaly, e.anomaly_basis) IS DISTINCT FROM (p.anomaly, p.basis)`,
    [JSON.stringify(patches)],
  );
  return rowCount;
}
