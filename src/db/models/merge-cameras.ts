import type { Knex } from 'knex';

import { findCameraTables, type CameraTable } from '../queries/camera-contents.ts';
import { markCameraForDerivation } from './derivation.ts';
import { markActivityUnknown } from './baseline-states.ts';
import { removeEarlierDetections } from './media-files-finish.ts';
import { judgeAgain } from './scene-checks.ts';

export type CameraPair = { from: string; into: string };

/** Rows by table: given to the other camera, and left out because that one has its own in their place. */
export type MergedRows = { moved: Record<string, number>; dropped: Record<string, number> };

/** The bytes of a file under both cameras; ids of the ledger. */
type SameContent = { from_id: number; into_id: number; from_done: boolean; into_done: boolean; into_path: string };

/**
 * Gives everything of one camera to another. What both have once by nature (settings, a slot of a baseline, the same bytes) stays as
 * the other camera has it. The time of the moved footage is marked, so that tracks and events are derived again there.
 */
export async function moveCameraRows(trx: Knex.Transaction, pair: CameraPair): Promise<MergedRows> {
  const rows: MergedRows = { moved: {}, dropped: {} };
  rows.dropped['media_files'] = await settleSameContent(trx, pair);
  // Its events bear the other camera in their batch id from now on.
  await markCameraForDerivation(trx, pair.from);
  if (await hasIgnoreZone(trx, pair.from)) await markCameraForDerivation(trx, pair.into);
  await judgeAgain(trx, pair.from);
  for (const table of await findCameraTables(trx)) {
    const dropped = await dropConflicts(trx, table, pair);
    rows.dropped[table.table] = (rows.dropped[table.table] ?? 0) + dropped;
    rows.moved[table.table] = await trx(table.table)
      .where(table.column, pair.from)
      .update({ [table.column]: pair.into });
  }
  await renameInRules(trx, pair);
  await unitePruned(trx, pair);
  await markActivityUnknown(trx, pair.into);
  return { moved: withoutZeros(rows.moved), dropped: withoutZeros(rows.dropped) };
}

/** A zone that comes over leaves out detections of the other camera's footage, too. */
async function hasIgnoreZone(trx: Knex.Transaction, cameraId: string): Promise<boolean> {
  const zone = await trx('zones').where({ camera_id: cameraId, purpose: 'ignore', enabled: true }).first<{ id: string } | undefined>('id');
  return zone !== undefined;
}

function withoutZeros(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/**
 * A camera has each content once. Of two rows the analysed one stays; of two analysed ones the other camera's, and the first
 * becomes a note that the bytes were there, too. Returns how many rows went.
 */
async function settleSameContent(trx: Knex.Transaction, { from, into }: CameraPair): Promise<number> {
  const rows = await findSameContent(trx, { from, into });
  const twice = rows.filter(isAnalysedTwice);
  const gone = rows.filter((row) => !(row.from_done && row.into_done)).map((row) => (row.from_done ? row.into_id : row.from_id));
  await trx('media_files').whereIn('id', gone).delete();
  await removeEarlierDetections(
    trx,
    twice.map((row) => row.from_id),
  );
  for (const row of twice) await leaveNote(trx, row);
  return gone.length + (await dropUnhashedTwins(trx, { from, into }));
}

async function findSameContent(trx: Knex.Transaction, { from, into }: CameraPair): Promise<SameContent[]> {
  const { rows } = await trx.raw<{ rows: SameContent[] }>(
    `SELECT f.id AS from_id, i.id AS into_id, f.processed_at IS NOT NULL AS from_done, i.processed_at IS NOT NULL AS into_done,
            i.path AS into_path
       FROM media_files f JOIN media_files i ON i.camera_id = ? AND i.content_sha256 = f.content_sha256
      WHERE f.camera_id = ?`,
    [into, from],
  );
  return rows;
}

function isAnalysedTwice(row: SameContent): boolean {
  return row.from_done && row.into_done;
}

/** Files of the first camera whose detections a merge would drop: the other camera has the same bytes and what was seen in them. */
export async function findFilesSeenTwice(trx: Knex.Transaction, pair: CameraPair): Promise<number[]> {
  return (await findSameContent(trx, pair)).filter(isAnalysedTwice).map((row) => row.from_id);
}

async function leaveNote(trx: Knex.Transaction, { from_id: id, into_path: path }: SameContent): Promise<void> {
  await trx('media_files')
    .where({ id })
    .update({
      content_sha256: null,
      status: 'skipped',
      failure_code: 'duplicate_other_camera',
      failure_message: `the same bytes as ${path}, analysed before the cameras were merged`,
      next_retry_at: null,
      derive_from: trx.raw('least(derive_from, captured_at)'),
      derive_until: trx.raw('greatest(derive_until, ended_at, captured_at)'),
    });
}

/** Files without a content hash are known by their path, once per camera. */
async function dropUnhashedTwins(trx: Knex.Transaction, { from, into }: CameraPair): Promise<number> {
  const twin = trx('media_files as i').where({ 'i.camera_id': into, 'i.content_sha256': null }).whereRaw('i.path = f.path');
  return trx('media_files as f').where({ camera_id: from, content_sha256: null }).whereExists(twin).delete();
}

/** Deletes rows that would break a unique index under the other camera. */
async function dropConflicts(trx: Knex.Transaction, { table, column }: CameraTable, { from, into }: CameraPair): Promise<number> {
  let dropped = 0;
  for (const others of await findUniqueSets(trx, table, column)) {
    const equal = others.map(() => 'AND f.?? = i.??').join(' ');
    const { rowCount } = await trx.raw<{ rowCount: number }>(`DELETE FROM ?? f USING ?? i WHERE f.?? = ? AND i.?? = ? ${equal}`, [
      table,
      table,
      column,
      from,
      column,
      into,
      ...others.flatMap((name) => [name, name]),
    ]);
    dropped += rowCount;
  }
  return dropped;
}

/** The other columns of each unique index that names the camera; of the ledger none, its conflicts are settled before. */
async function findUniqueSets(trx: Knex.Transaction, table: string, column: string): Promise<string[][]> {
  if (table === 'media_files') return [];
  const { rows } = await trx.raw<{ rows: { names: string[] }[] }>(
    `SELECT ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)) AS names
       FROM pg_index i WHERE i.indrelid = ?::regclass AND i.indisunique AND i.indexprs IS NULL`,
    [table],
  );
  return rows.filter(({ names }) => names.includes(column)).map(({ names }) => names.filter((name) => name !== column));
}

/** What is missing of either is missing of both. */
async function unitePruned(trx: Knex.Transaction, pair: CameraPair): Promise<void> {
  await trx.raw(
    `UPDATE cameras c SET pruned_until = greatest(c.pruned_until, o.pruned_until)
       FROM cameras o WHERE c.id = :into AND o.id = :from AND o.pruned_until IS NOT NULL`,
    pair,
  );
}

/** Rules name cameras in a list without a foreign key. */
async function renameInRules(trx: Knex.Transaction, { from, into }: CameraPair): Promise<void> {
  await trx.raw(
    `UPDATE alert_rules r
        SET camera_ids = (SELECT jsonb_agg(n.id ORDER BY n.place)
                            FROM (SELECT CASE e.id WHEN :from THEN :into ELSE e.id END AS id, min(e.place) AS place
                                    FROM jsonb_array_elements_text(r.camera_ids) WITH ORDINALITY AS e(id, place) GROUP BY 1) AS n)
      WHERE jsonb_exists(r.camera_ids, :from)`,
    { from, into },
  );
}
