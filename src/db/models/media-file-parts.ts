import type { Knex } from 'knex';

import type { MediaFileRow } from './media-files.ts';

/** One row of `media_file_parts`, as stored. */
export type MediaFilePartRow = {
  media_file_id: number;
  content_sha256: string;
  from_ms: number;
  until_ms: number;
  looked_with: string;
  analysis: Buffer | null;
  created_at: Date;
};

/** The content of a file, by the row that stands for it. */
export type FileContent = { fileId: number; contentSha256: string };

/** Names what is found in a part: by content, interval, and all that decides what is found. */
export type FilePartKey = FileContent & { fromMs: number; untilMs: number; lookedWith: string };

/** What is left to look at: a file that waits or is worked on, and one that is to be tried again. */
const NEEDS_WORK = `(f.status IN ('pending', 'processing') OR (f.status IN ('failed', 'partial') AND f.next_retry_at IS NOT NULL))`;

/** The file, while it still has this content and is still to be looked at. */
export async function findFileToDo(knex: Knex, { fileId, contentSha256 }: FileContent): Promise<MediaFileRow | undefined> {
  return knex<MediaFileRow>('media_files as f').where({ id: fileId, content_sha256: contentSha256 }).whereRaw(NEEDS_WORK).first();
}

/** Keeps what was found in a part, once; nothing where the file is not to be looked at any more. Of a part that was given up `analysis` is null. */
export async function saveFilePart(knex: Knex, key: FilePartKey, analysis: Buffer | null): Promise<void> {
  const { fileId, contentSha256, fromMs, untilMs, lookedWith } = key;
  await knex.raw(
    `INSERT INTO media_file_parts (media_file_id, content_sha256, from_ms, until_ms, looked_with, analysis)
     SELECT f.id, f.content_sha256, ?, ?, ?, ?::bytea FROM media_files f WHERE f.id = ? AND f.content_sha256 = ? AND ${NEEDS_WORK}
     ON CONFLICT (media_file_id, content_sha256, looked_with, from_ms, until_ms)
     DO UPDATE SET analysis = coalesce(media_file_parts.analysis, EXCLUDED.analysis)`,
    [fromMs, untilMs, lookedWith, analysis as unknown as Knex.RawBinding, fileId, contentSha256],
  );
}

export async function hasFilePart(knex: Knex, { fileId, contentSha256, fromMs, untilMs, lookedWith }: FilePartKey): Promise<boolean> {
  const row = await knex<MediaFilePartRow>('media_file_parts')
    .where({ media_file_id: fileId, content_sha256: contentSha256, from_ms: fromMs, until_ms: untilMs, looked_with: lookedWith })
    .whereNotNull('analysis')
    .first('from_ms');
  return row !== undefined;
}

/** Parts of a file that were looked at in one way, in order. Those that were given up are not among them. */
export async function findFileParts(
  knex: Knex,
  { fileId, contentSha256, lookedWith }: FileContent & { lookedWith: string },
): Promise<{ from_ms: number; until_ms: number; analysis: Buffer }[]> {
  return knex<MediaFilePartRow>('media_file_parts')
    .where({ media_file_id: fileId, content_sha256: contentSha256, looked_with: lookedWith })
    .whereNotNull('analysis')
    .orderBy('from_ms')
    .select<{ from_ms: number; until_ms: number; analysis: Buffer }[]>('from_ms', 'until_ms', 'analysis');
}

/**
 * Keeps a part of a file (null: it was given up; undefined: it is kept already) and tells how many different ones are there, in whatever way they
 * were looked at. Locks the file until the transaction ends: of two that bring the last two parts at once, the second one sees both.
 */
export async function addFilePart(trx: Knex.Transaction, key: FilePartKey, analysis: Buffer | null | undefined): Promise<number> {
  const { fileId, contentSha256 } = key;
  await trx('media_files').where({ id: fileId }).forUpdate().select('id');
  if (analysis !== undefined) await saveFilePart(trx, key, analysis);
  return (await trx('media_file_parts').where({ media_file_id: fileId, content_sha256: contentSha256 }).distinct('from_ms')).length;
}

export async function deleteFileParts(trx: Knex.Transaction, fileIds: readonly number[]): Promise<void> {
  await trx('media_file_parts')
    .whereRaw('media_file_id = ANY (?::bigint[])', [[...fileIds]])
    .delete();
}
