import type { Knex } from 'knex';

import type { DetectionRow } from '../models/detections.ts';
import type { MediaFileRow } from '../models/media-files.ts';

/** A detection with the file it was seen in; columns of the file are null where the store does not know it any more. */
export type DetectionCropRow = Pick<
  DetectionRow,
  'id' | 'camera_id' | 'detected_at' | 'object_type' | 'bbox_x' | 'bbox_y' | 'bbox_width' | 'bbox_height' | 'frame_offset_ms'
> & { image_width: number | null; image_height: number | null; file: MediaFileRow | null };

type PlainRow = Omit<DetectionCropRow, 'file'> & { media_file_id: number | null };

/** Those of these detections that are there, so that those of one frame come one after the other. */
export async function findDetectionCrops(knex: Knex, ids: readonly number[]): Promise<DetectionCropRow[]> {
  const rows: PlainRow[] = await knex('detections')
    .whereRaw('id = ANY (?::bigint[])', [[...ids]])
    .orderBy(['media_file_id', 'frame_offset_ms', 'id'])
    .select('id', 'camera_id', 'detected_at', 'object_type', 'bbox_x', 'bbox_y', 'bbox_width', 'bbox_height')
    .select('frame_offset_ms', 'media_file_id', { image_width: 'video_width', image_height: 'video_height' });
  const byId = await findDetectionFiles(
    knex,
    rows.flatMap((row) => row.media_file_id ?? []),
  );
  return rows.map(({ media_file_id: fileId, ...row }) => ({ ...row, file: byId.get(fileId ?? -1) ?? null }));
}

/** Rows of the ledger by their id. */
export async function findDetectionFiles(knex: Knex, ids: readonly number[]): Promise<Map<number, MediaFileRow>> {
  const rows = await knex<MediaFileRow>('media_files').whereIn('id', [...new Set(ids)]);
  return new Map(rows.map((file) => [file.id, file]));
}

export async function findMissingDetectionIds(knex: Knex, ids: readonly number[]): Promise<number[]> {
  const { rows } = await knex.raw<{ rows: { id: number }[] }>(
    'SELECT id FROM unnest(?::bigint[]) AS id WHERE NOT EXISTS (SELECT FROM detections d WHERE d.id = id.id) ORDER BY id',
    [[...ids]],
  );
  return rows.map((row) => row.id);
}
