import type { Knex } from 'knex';
import type { ListSort } from '../../db/queries/list-order.ts';
import { FILE_SORT_COLUMNS, streamFiles, type FileFilter, type FileSortField } from '../../db/queries/media-files.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { mapRows } from '../lists/map-rows.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';
import { toFileRecord, type FileRecord } from './file-record.ts';

/** What `--sort` takes. */
export const FILE_SORT_FIELDS = Object.keys(FILE_SORT_COLUMNS) as FileSortField[];

export type ListFilesOptions = {
  scope: ListScope;
  filter: Pick<FileFilter, 'statuses' | 'codes' | 'sha256Prefix'>;
  sort: ListSort<FileSortField>;
  limit: number;
  zones: ZoneSettings;
};

/** Resolves with the rows still to come; a wrong camera or time is told before the first of them. */
export async function listFiles(knex: Knex, options: ListFilesOptions): Promise<AsyncIterable<FileRecord>> {
  const filter = { ...options.filter, ...(await resolveScope(knex, options.scope, options.zones)) };
  return mapRows(streamFiles(knex, { filter, sort: options.sort, limit: options.limit }), (row) => toFileRecord(row, options.zones));
}
