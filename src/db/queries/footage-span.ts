import type { Knex } from 'knex';

type FootageOf = { mediaFileIds: readonly number[] } | { trackId: number } | { eventId: number };

/** The half-open span of footage of some files or of one track: what a look-up by them has to read, not more. */
export async function findFootageSpan(knex: Knex, of: FootageOf): Promise<{ since: Date; until: Date } | undefined> {
  const [row] = (await spanQuery(knex, of)) as { since: Date | null; until: Date | null }[];
  if (!row?.since || !row.until) return undefined;
  return { since: row.since, until: new Date(row.until.getTime() + 1) };
}

function spanQuery(knex: Knex, of: FootageOf): Knex.QueryBuilder {
  if ('trackId' in of) return knex('tracks').where('id', of.trackId).select({ since: 'first_seen', until: 'last_seen' });
  if ('eventId' in of)
    return knex('event_detections').where('event_id', of.eventId).min({ since: 'detected_at' }).max({ until: 'detected_at' });
  return knex('media_files')
    .whereIn('id', [...of.mediaFileIds])
    .min({ since: 'captured_at' })
    .select({ until: knex.raw("max(greatest(ended_at, captured_at + coalesce(duration_ms, 0) * interval '1 millisecond'))") });
}
