import type { Knex } from 'knex';
import { findMediaFile, countFileClasses, type FileClassCount, type MediaFileDetailsRow } from '../../db/queries/media-files.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { findFileIds } from './find-file-ids.ts';

export type FileDetails = MediaFileDetailsRow & {
  timezone: string;
  captured_at_local: string | null;
  /** Detections by class, most first. */
  classes: FileClassCount[];
};

/** Everything the ledger knows of one file, named by id or path. */
export async function showFile(knex: Knex, name: string, zones: ZoneSettings): Promise<FileDetails> {
  const [id] = await findFileIds(knex, [name]);
  const row = id === undefined ? undefined : await findMediaFile(knex, id);
  if (!row) {
    throw new UsageError(`there is no file ${name}`, { code: 'file_unknown', hint: '`hs files list` shows the files there are' });
  }
  const timezone = row.time_zone ?? cameraZone(row, zones);
  const captured = row.captured_at === null ? null : formatLocal(row.captured_at.getTime(), timezone);
  return { ...row, timezone, captured_at_local: captured, classes: await countFileClasses(knex, row.id) };
}
