import type { Knex } from 'knex';

import { runLockKey } from '../lock-keys.ts';
import { findHeldKeys } from '../locks.ts';
import { settlingEntities } from './identity-links.ts';
import { markFilesStale } from './baseline-states.ts';
import { deleteEvents } from './event-deletion.ts';
import { findEmptyEvents, refreshEventTexts } from './event-texts.ts';
import { removeSceneChecks } from './scene-checks.ts';

export type LedgerFile = { id: number; camera_id: string; path: string; status: string; run_id: string | null };

/** Rows of the ledger by id, locked until the transaction ends. */
export async function lockLedgerFiles(trx: Knex.Transaction, ids: readonly number[]): Promise<LedgerFile[]> {
  return trx<LedgerFile>('media_files')
    .select('id', 'camera_id', 'path', 'status', 'run_id')
    .whereIn('id', [...ids])
    .orderBy('id')
    .forUpdate();
}

/** Of these files one that a live run is at. */
export async function findFileAtWork(trx: Knex.Transaction, files: readonly LedgerFile[]): Promise<LedgerFile | undefined> {
  const held = await findHeldKeys(trx);
  const isWaiting = ({ status }: LedgerFile): boolean => status === 'pending' || status === 'processing';
  return files.find((file) => isWaiting(file) && file.run_id !== null && held.has(runLockKey(file.run_id)));
}

/** `clips`: paths of files to remove when the transaction is committed. */
type Forgotten = { rows: ForgottenRows; clips: string[] };

export type ForgottenRows = { files: number; detections: number; events_deleted: number; events_rewritten: number };

/**
 * Removes files from the ledger with their detections. Events they fed are written anew, those with nothing left are deleted
 * (schema §7). The time they covered is marked, so that tracks and events are derived again there.
 */
export async function forgetFileRows(trx: Knex.Transaction, ids: readonly number[]): Promise<Forgotten> {
  const eventIds = await findFedEvents(trx, ids);
  const detections = await countDetections(trx, ids);
  await markNeighbours(trx, ids);
  await markFilesStale(trx, ids);
  const tracks = await findTracksOf(trx, ids);
  await removeSceneChecks(trx, ids);
  const files = await settlingEntities(trx, ids, () =>
    trx('media_files')
      .whereIn('id', [...ids])
      .delete(),
  );
  await deleteUnseenTracks(trx, tracks);
  const empty = await findEmptyEvents(trx, eventIds);
  const clips = await deleteEvents(trx, empty);
  const rewritten = await refreshEventTexts(trx, eventIds);
  return { rows: { files, detections, events_deleted: empty.length, events_rewritten: rewritten }, clips };
}

async function findFedEvents(trx: Knex.Transaction, ids: readonly number[]): Promise<number[]> {
  return trx('detections as d')
    .join('event_detections as m', (on) => on.on('m.detection_id', 'd.id').andOn('m.detected_at', 'd.detected_at'))
    .whereIn('d.media_file_id', [...ids])
    .distinct()
    .pluck<number[]>('m.event_id');
}

async function countDetections(trx: Knex.Transaction, ids: readonly number[]): Promise<number> {
  const [row] = await trx('detections')
    .whereIn('media_file_id', [...ids])
    .count<{ count: number }[]>();
  return row?.count ?? 0;
}

async function findTracksOf(trx: Knex.Transaction, ids: readonly number[]): Promise<number[]> {
  return trx('detections')
    .whereIn('media_file_id', [...ids])
    .whereNotNull('track_id')
    .distinct()
    .pluck<number[]>('track_id');
}

/** Derivation replaces tracks that still have something to show; where no footage is left it would never come by. */
async function deleteUnseenTracks(trx: Knex.Transaction, ids: readonly number[]): Promise<void> {
  await trx.raw(
    `DELETE FROM tracks t WHERE t.id = ANY (?::integer[]) AND NOT EXISTS (
       SELECT FROM detections d
        WHERE d.camera_id = t.camera_id AND d.detected_at BETWEEN t.first_seen AND t.last_seen AND d.track_id = t.id)`,
    [[...ids]],
  );
}

/**
 * The mark stands on the next file of the camera that stays, or on the one before. It begins a moment earlier than the footage: a
 * track may have ended because this footage began.
 */
async function markNeighbours(trx: Knex.Transaction, ids: readonly number[]): Promise<void> {
  const neighbour = (condition: string, order: string): string =>
    `(SELECT o.id FROM media_files o WHERE o.camera_id = g.camera_id AND o.processed_at IS NOT NULL AND o.id <> ALL (:ids)
        AND o.captured_at ${condition} g.captured_at ORDER BY o.captured_at ${order}, o.id LIMIT 1)`;
  await trx.raw(
    `UPDATE media_files n
        SET derive_from = least(n.derive_from, s.first), derive_until = greatest(n.derive_until, s.last)
       FROM (SELECT coalesce(${neighbour('>=', '')}, ${neighbour('<', 'DESC')}) AS id,
                    min(least(g.captured_at, g.derive_from)) - interval '1 millisecond' AS first,
                    max(greatest(g.captured_at, g.ended_at, g.derive_until)) AS last
               FROM media_files g WHERE g.id = ANY (:ids) AND g.processed_at IS NOT NULL GROUP BY 1) AS s
      WHERE n.id = s.id`,
    { ids: [...ids] as unknown as Knex.RawBinding },
  );
}
