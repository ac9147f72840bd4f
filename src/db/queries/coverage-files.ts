import type { Knex } from 'knex';

import { streamRows } from './stream-rows.ts';

export type CoverageFileRow = {
  captured_at: Date;
  ended_at: Date | null;
  media_type: string;
  status: string;
  duration_ms: number | null;
};

/** A file that was read is footage; one that failed, or is empty, only claims some. */
const READ = "f.processed_at IS NOT NULL AND f.status IN ('done', 'partial', 'pending', 'processing')";
const TROUBLED = "f.status IN ('failed', 'partial', 'empty')";

const COLUMNS = ['f.captured_at', 'f.ended_at', 'f.media_type', 'f.status', 'f.duration_ms'] as const;

/** Stills, and videos that follow each other without a pause as one. */
export type ReadFootageRow = { started: Date; ended: Date; is_still: boolean };

type Footage = { cameraId: string; joinMs: number; span?: { from: Date; until: Date } | undefined };

/**
 * Footage of a camera that was read, in the order of its start; with a span only files with a part in it. Videos at most `joinMs`
 * apart are joined here: of a camera that records all the time nearly nothing is left to fetch (8,640 files a second time: 40 ms, joined 15).
 */
export function streamReadFootage(knex: Knex, { cameraId, joinMs, span }: Footage): AsyncIterable<ReadFootageRow> {
  const files = `media_files f WHERE f.camera_id = :cameraId AND f.captured_at IS NOT NULL AND ${READ}${span ? ` AND ${IN_SPAN}` : ''}`;
  const query = knex
    .from(
      knex.raw(
        `(WITH videos AS (
                 SELECT captured_at, ended_at, id, max(ended_at) OVER earlier AS latest
                   FROM ${files} AND f.media_type = 'video' AND f.ended_at > f.captured_at
                 WINDOW earlier AS (ORDER BY captured_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
               runs AS (
                 SELECT captured_at, ended_at,
                        count(*) FILTER (WHERE latest IS NULL OR captured_at > latest + :joinMs * interval '1 millisecond')
                          OVER (ORDER BY captured_at, id) AS run
                   FROM videos)
          SELECT min(captured_at) AS started, max(ended_at) AS ended, false AS is_still FROM runs GROUP BY run
          UNION ALL
          SELECT captured_at, captured_at, true FROM ${files} AND f.media_type = 'image') AS footage`,
        { cameraId, joinMs, ...span },
      ),
    )
    .orderBy('started')
    .select('started', 'ended', 'is_still');
  return streamRows<ReadFootageRow>(query);
}

/** The long files are found by an index of their own. */
const IN_SPAN = `f.captured_at < :until AND f.ended_at >= :from
  AND (f.captured_at >= :from::timestamptz - interval '24 hours' OR f.ended_at - f.captured_at > interval '24 hours')`;

/** Files of a camera that could not be read, or not wholly, in the order of their start. */
export async function findTroubledFiles(knex: Knex, cameraId: string): Promise<CoverageFileRow[]> {
  return knex('media_files as f')
    .where('f.camera_id', cameraId)
    .whereNotNull('f.captured_at')
    .whereRaw(TROUBLED)
    .orderBy(['f.captured_at', 'f.id'])
    .select<CoverageFileRow[]>(...COLUMNS);
}

/** Start of the newest file that was read. */
export async function findNewestRead(knex: Knex, cameraId: string): Promise<Date | undefined> {
  const row = await knex('media_files as f')
    .where('f.camera_id', cameraId)
    .whereNotNull('f.captured_at')
    .whereRaw(READ)
    .orderBy('f.captured_at', 'desc')
    .first<{ captured_at: Date } | undefined>('f.captured_at');
  return row?.captured_at;
}

/** How many files of each camera wait to be read. */
export async function countUnreadFiles(knex: Knex): Promise<ReadonlyMap<string, number>> {
  const rows = await knex('media_files')
    .whereIn('status', ['pending', 'processing'])
    .whereNull('processed_at')
    .groupBy('camera_id')
    .select<{ camera_id: string; count: number }[]>('camera_id', knex.raw('count(*) AS count'));
  return new Map(rows.map((row) => [row.camera_id, row.count]));
}
