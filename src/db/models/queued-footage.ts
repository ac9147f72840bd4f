import type { Knex } from 'knex';

import type { MediaFileRow } from './media-files.ts';

type TakePending = { runId: string; jobId: string; ids: readonly number[] };

/**
 * Puts those of these files under a run that still need work: pending ones, ones to be tried again, and ones that an earlier
 * attempt of the same job holds: what lost its worker was no attempt at the file. Returns which are under it now, those that it had already included.
 */
export async function takePendingFiles(knex: Knex, { runId, jobId, ids }: TakePending): Promise<number[]> {
  const { rows } = await knex.raw<{ rows: { id: number }[] }>(
    `WITH taken AS (
       UPDATE media_files
          SET status = 'pending', run_id = ?, next_retry_at = NULL,
              attempts = CASE status WHEN 'processing' THEN greatest(attempts - 1, 0) ELSE attempts END
        WHERE id = ANY (?::bigint[])
          AND (status = 'pending' OR (status IN ('failed', 'partial') AND next_retry_at IS NOT NULL)
               OR (status = 'processing' AND run_id <> ? AND run_id::text IN
                   (SELECT worker_id FROM job_attempts WHERE job_id = ? AND status <> 'started')))
        RETURNING id)
     SELECT id FROM taken
     UNION SELECT id FROM media_files WHERE id = ANY (?::bigint[]) AND status = 'processing' AND run_id = ?`,
    [runId, [...ids], runId, jobId, [...ids], runId],
  );
  return rows.map(({ id }) => id);
}

export type SegmentFile = Pick<
  MediaFileRow,
  'id' | 'camera_id' | 'path' | 'captured_at' | 'ended_at' | 'content_sha256' | 'media_type' | 'duration_ms'
>;

/** Pending files of a run in the order of footage, in pages: `after` is the last one of the page before. */
export async function listPendingFiles(
  knex: Knex,
  { runId, after, limit }: { runId: string; after: SegmentFile | undefined; limit: number },
): Promise<SegmentFile[]> {
  const query = knex<MediaFileRow>('media_files')
    .where({ run_id: runId, status: 'pending' })
    .select('id', 'camera_id', 'path', 'captured_at', 'ended_at', 'content_sha256', 'media_type', 'duration_ms')
    .orderBy(['camera_id', 'captured_at', 'content_sha256', 'id'])
    .limit(limit);
  if (after !== undefined) {
    void query.whereRaw('(camera_id, captured_at, content_sha256, id) > (?, ?, ?, ?)', [
      after.camera_id,
      after.captured_at,
      after.content_sha256,
      after.id,
    ]);
  }
  return query;
}

/** Files among these that could not be read, by this attempt at a job or an earlier one. */
export async function findFailedFiles(knex: Knex, ids: readonly number[]): Promise<{ path: string; code: string; message: string }[]> {
  return knex('media_files')
    .whereRaw('id = ANY (?::bigint[])', [[...ids]])
    .where({ status: 'failed' })
    .orderBy('id')
    .select('path', 'failure_code AS code', knex.raw(`coalesce(failure_message, '') AS message`));
}
