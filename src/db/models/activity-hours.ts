import type { Knex } from 'knex';

/** One row of `activity_hours`, as stored. */
export type ActivityHourRow = {
  camera_id: string;
  local_date: Date;
  hour: number;
  fold: number;
  started_at: Date;
  covered_seconds: number;
  exposure: number;
  counts: Record<string, number>;
};

/** One hour as the domain reads it: `dayNumber` counts the days of the local date since 1970-01-01. */
export type StoredActivityHour = {
  dayNumber: number;
  /** 0 = monday … 6 = sunday. */
  weekday: number;
  hour: number;
  fold: 0 | 1;
  startMs: number;
  coveredMs: number;
  exposure: number;
  counts: Record<string, number>;
};

export type NewActivityHour = Omit<StoredActivityHour, 'dayNumber' | 'weekday'> & { date: string };

/** Half-open footage time of a camera. */
export type HourSpan = { cameraId: string; from: Date; until: Date };

/** An hour that is not as it was: which slots of the baselines it belongs to. */
export type TouchedHour = { weekday: number; hour: number; startMs: number };

const COLUMNS = `
  (local_date - date '1970-01-01') AS "dayNumber", extract(isodow FROM local_date)::integer - 1 AS weekday, hour, fold,
  (extract(epoch FROM started_at) * 1000)::double precision AS "startMs", covered_seconds * 1000 AS "coveredMs", exposure, counts`;

const TOUCHED = `
  extract(isodow FROM local_date)::integer - 1 AS weekday, hour, (extract(epoch FROM started_at) * 1000)::double precision AS "startMs"`;

/** Hours that begin in a span, ascending; only some hours of the day where those are named. */
export async function findActivityHours(knex: Knex, span: HourSpan & { hours?: readonly number[] }): Promise<StoredActivityHour[]> {
  const { rows } = await knex.raw<{ rows: StoredActivityHour[] }>(
    `SELECT ${COLUMNS} FROM activity_hours
      WHERE camera_id = :cameraId AND started_at >= :from AND started_at < :until
        AND (:hours::integer[] IS NULL OR hour = ANY (:hours::integer[]))
      ORDER BY started_at`,
    { ...span, hours: (span.hours ?? null) as unknown as Knex.RawBinding },
  );
  return rows.map((row) => ({ ...row, coveredMs: Math.round(row.coveredMs) }));
}

/**
 * Makes the hours that begin in a span exactly these, writes only what differs, and returns what was not as it is now. Rows of the
 * same local hour must not stand outside of the span.
 */
export async function replaceActivityHours(
  trx: Knex.Transaction,
  { cameraId, from, until }: HourSpan,
  hours: readonly NewActivityHour[],
): Promise<TouchedHour[]> {
  const rows: (Omit<ActivityHourRow, 'camera_id' | 'local_date'> & { local_date: string })[] = hours.map(
    ({ date, startMs, coveredMs, ...row }) => ({
      ...row,
      local_date: date,
      started_at: new Date(startMs),
      covered_seconds: coveredMs / 1000,
    }),
  );
  const { rows: touched } = await trx.raw<{ rows: TouchedHour[] }>(REPLACE, { cameraId, from, until, rows: JSON.stringify(rows) });
  return touched;
}

/** Both parts see the rows as they were before: none is in both. */
const REPLACE = `
  WITH fresh AS MATERIALIZED (
         SELECT * FROM jsonb_to_recordset(:rows::jsonb) AS r(local_date date, hour integer, fold integer, started_at timestamptz,
                covered_seconds double precision, exposure double precision, counts jsonb)),
       gone AS (
         DELETE FROM activity_hours h
          WHERE camera_id = :cameraId AND started_at >= :from AND started_at < :until
            AND NOT EXISTS (SELECT FROM fresh f WHERE f.local_date = h.local_date AND f.hour = h.hour AND f.fold = h.fold)
         RETURNING *),
       written AS (
         INSERT INTO activity_hours AS h (camera_id, local_date, hour, fold, started_at, covered_seconds, exposure, counts)
         SELECT :cameraId, f.* FROM fresh f
         ON CONFLICT (camera_id, local_date, hour, fold) DO UPDATE
            SET started_at = excluded.started_at, covered_seconds = excluded.covered_seconds, exposure = excluded.exposure,
                counts = excluded.counts
          WHERE (h.started_at, h.covered_seconds, h.exposure, h.counts)
                IS DISTINCT FROM (excluded.started_at, excluded.covered_seconds, excluded.exposure, excluded.counts)
         RETURNING *)
  SELECT ${TOUCHED} FROM (SELECT * FROM gone UNION ALL SELECT * FROM written) AS touched`;

/** Deletes hours of a camera outside of a span, all of them without one. Returns how many there were. */
export async function deleteActivityHours(knex: Knex, cameraId: string, outside?: { from: Date; until: Date }): Promise<number> {
  const query = knex('activity_hours').where('camera_id', cameraId);
  if (outside === undefined) return query.delete();
  return query.whereRaw('NOT (started_at >= ? AND started_at < ?)', [outside.from, outside.until]).delete();
}

/** Hours in which something other than motion was seen, ascending: such a camera has another detector. */
export async function findHoursBeyondMotion(knex: Knex, { cameraId, from, until }: HourSpan): Promise<number[]> {
  const { rows } = await knex.raw<{ rows: { startMs: number }[] }>(
    `SELECT (extract(epoch FROM started_at) * 1000)::double precision AS "startMs" FROM activity_hours
      WHERE camera_id = ? AND started_at >= ? AND started_at < ? AND counts - 'motion' <> '{}'
      ORDER BY started_at`,
    [cameraId, from, until],
  );
  return rows.map(({ startMs }) => startMs);
}

/** Confirmed tracks by class that begin between two bounds; `place` counts the bounds up to it, from 1. */
export type HourCount = { place: number; label: string; count: number };

/**
 * Counts tracks in one pass, whatever their number. `bounds` are the begins of the hours, ascending, and the end of the last: what a
 * local hour is stays in one place of the program.
 */
export async function countTracksBetween(knex: Knex, cameraId: string, boundsMs: readonly number[]): Promise<HourCount[]> {
  const bounds = boundsMs.map((ms) => new Date(ms).toISOString());
  if (bounds.length < 2) return [];
  const { rows } = await knex.raw<{ rows: HourCount[] }>(
    `SELECT width_bucket(first_seen, ?::timestamptz[]) AS place, object_class AS label, count(*) AS count
       FROM tracks WHERE camera_id = ? AND confirmed AND first_seen >= ? AND first_seen < ? GROUP BY 1, 2`,
    [bounds, cameraId, bounds[0] ?? '', bounds.at(-1) ?? ''],
  );
  return rows;
}
