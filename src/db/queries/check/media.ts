import type { Knex } from 'knex';

import type { MediaFileStatus } from '../../../domain/enums.ts';
import { reapDeadRun } from '../../models/reap-dead-run.ts';
import { releaseFiles } from '../../models/media-files.ts';
import { collectBroken, finder, repairer, type Broken, type CheckScope } from './broken.ts';
import { findHeldRuns } from './runs.ts';

/** Files whose footage is not derived yet bring their camera forward when it is. */
const NEWEST_PROCESSED = `
  SELECT c.id, c.last_seen_at, n.newest FROM cameras c
   CROSS JOIN LATERAL (SELECT max(captured_at) AS newest FROM media_files f
                        WHERE f.camera_id = c.id AND f.processed_at IS NOT NULL AND f.derive_from IS NULL) n
   WHERE n.newest > coalesce(c.last_seen_at, '-infinity')`;

export const findCamerasBehind = finder(`
  SELECT format('camera %s', id) AS place, format('was last seen %s, has footage of %s', coalesce(last_seen_at::text, 'never'), newest) AS text
    FROM (${NEWEST_PROCESSED}) b`);

export const advanceCameras = repairer(`
  UPDATE cameras c SET last_seen_at = b.newest FROM (${NEWEST_PROCESSED}) b WHERE c.id = b.id`);

export const findFinishedFilesAmiss = finder(`
  SELECT format('file %s', f.id) AS place, format('is %s, its run %s does not exist', f.status, f.run_id) AS text
    FROM media_files f LEFT JOIN runs r ON r.id = f.run_id
   WHERE f.status IN ('done', 'partial') AND r.id IS NULL
  UNION ALL
  SELECT format('file %s', f.id), format('%s of its detections name another run or camera', count(*))
    FROM detections d JOIN media_files f ON f.id = d.media_file_id
   WHERE d.detected_at >= :since AND f.status IN ('done', 'partial')
     AND (d.run_id IS DISTINCT FROM f.run_id OR d.camera_id <> f.camera_id)
   GROUP BY f.id`);

/** A file that is done again keeps its detections until the new ones come. */
export const findUnfinishedWithDetections = finder(`
  SELECT format('file %s', f.id) AS place, format('is %s and has %s detections', f.status, count(*)) AS text
    FROM detections d JOIN media_files f ON f.id = d.media_file_id
   WHERE d.detected_at >= :since
     AND (f.status = 'pending' AND f.processed_at IS NULL OR f.status IN ('empty', 'failed', 'skipped'))
   GROUP BY f.id`);

export const findWrongFrameCounts = finder(`
  SELECT format('file %s', id) AS place,
         format('is %s with %s of %s frames', status, coalesce(frames_decoded::text, 'unknown'), coalesce(frames_expected::text, 'unknown')) AS text
    FROM media_files
   WHERE status = 'done' AND frames_decoded IS DISTINCT FROM frames_expected OR status = 'partial' AND frames_decoded >= frames_expected`);

export const findImpossibleCaptureTimes = finder(`
  SELECT format('file %s', id) AS place, format('was captured at %s', captured_at) AS text
    FROM media_files WHERE captured_at < '1990-01-01 00:00:00+00' OR captured_at > now() + interval '1 day'`);

export type CameraFolderRow = { id: string; name: string; folder_path: string };

export async function readCameraFolders(knex: Knex): Promise<CameraFolderRow[]> {
  return knex('cameras').select<CameraFolderRow[]>('id', 'name', 'folder_path').orderBy('id');
}

type ClaimedRow = { run_id: string | null; files: number; first_id: number };

/** Files claimed by a run that has ended or whose process is gone. */
export async function findStrandedFiles(knex: Knex, { limit }: CheckScope): Promise<Broken> {
  const broken = collectBroken(limit);
  for (const { run_id: runId, files, first_id: id } of await readStranded(knex)) {
    broken.add({ where: `run ${String(runId)}`, text: `is over and still holds ${String(files)} files, the first is file ${String(id)}` });
  }
  return broken;
}

export async function releaseStrandedFiles(trx: Knex.Transaction): Promise<number> {
  let released = 0;
  for (const { run_id: runId, files } of await readStranded(trx)) {
    if (runId === null) continue;
    const reaped = await reapDeadRun(trx, runId);
    if (reaped === undefined) await releaseFiles(trx, runId);
    released += reaped?.releasedFiles ?? files;
  }
  return released;
}

/** A run that ends between two looks has finished its files: only what both see is stranded. */
async function readStranded(knex: Knex): Promise<ClaimedRow[]> {
  const before = await readClaimed(knex);
  const live = await findHeldRuns(
    knex,
    before.flatMap((row) => row.run_id ?? []),
  );
  const after = new Set((await readClaimed(knex)).map((row) => row.run_id));
  return before.filter(({ run_id: runId }) => after.has(runId) && (runId === null || !live.has(runId)));
}

async function readClaimed(knex: Knex): Promise<ClaimedRow[]> {
  const status: MediaFileStatus = 'processing';
  const rows: unknown = await knex('media_files')
    .where({ status })
    .groupBy('run_id')
    .select('run_id', { files: knex.raw('count(*)'), first_id: knex.raw('min(id)') });
  return rows as ClaimedRow[];
}

export type StoredPath = { place: string; path: string };

/** Every file that rows say is on the disk, in slices. Relative paths mean a folder that only their writer knows. */
export async function* streamStoredPaths(knex: Knex, { since }: CheckScope): AsyncIterable<StoredPath> {
  const query = knex
    .from(knex.raw(`(${STORED_PATHS}) AS stored`, { since }))
    .select<StoredPath[]>('place', 'path')
    .stream({ batchSize: 1000 });
  for await (const row of query as AsyncIterable<unknown>) yield row as StoredPath;
}

const STORED_PATHS = `
  SELECT format('file %s', id) AS place, path FROM media_files WHERE status IN ('done', 'partial') AND original_removed_at IS NULL
  UNION ALL
  SELECT format('detection %s', id), thumbnail_path FROM detections WHERE detected_at >= :since AND starts_with(thumbnail_path, '/')
  UNION ALL
  SELECT format('event %s', id), clip_path FROM events WHERE started_at >= :since AND starts_with(clip_path, '/')`;
