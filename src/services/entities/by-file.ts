import type { CropRow } from '../../db/queries/track-crops.ts';

/** Rows that are in the order of their files, file by file. */
export function* byFile(rows: readonly CropRow[]): Generator<CropRow[]> {
  let file: CropRow[] = [];
  for (const row of rows) {
    if (file.length > 0 && file[0]?.media_file_id !== row.media_file_id) {
      yield file;
      file = [];
    }
    file.push(row);
  }
  if (file.length > 0) yield file;
}
