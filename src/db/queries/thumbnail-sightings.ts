import type { Knex } from 'knex';
import type { MediaFileRow } from '../models/media-files.ts';

/** A detection that can be shown, with the file it was seen in. */
export type ThumbnailSighting = Pick<
  MediaFileRow,
  'path' | 'media_type' | 'size_bytes' | 'width' | 'height' | 'codec' | 'duration_ms' | 'frame_rate' | 'container_frames'
> & { object_type: string | null; camera_id: string; frame_offset_ms: number };

/** Where a detection was seen, or the surest detection of an event. */
export async function findThumbnailSighting(knex: Knex, type: 'events' | 'detections', id: number): Promise<ThumbnailSighting | undefined> {
  const query = knex('detections as d').join('media_files as f', 'f.id', 'd.media_file_id').whereNotNull('d.frame_offset_ms');
  if (type === 'detections') void query.where('d.id', id);
  else {
    void query
      .join('event_detections as m', (on) => void on.on('m.detection_id', 'd.id').andOn('m.detected_at', 'd.detected_at'))
      .where('m.event_id', id)
      .orderByRaw('d.confidence DESC NULLS LAST, d.id');
  }
  const rows = await query
    .select('d.object_type', 'd.camera_id', 'd.frame_offset_ms')
    .select(
      'f.path',
      'f.media_type',
      'f.size_bytes',
      'f.width',
      'f.height',
      'f.codec',
      'f.duration_ms',
      'f.frame_rate',
      'f.container_frames',
    )
    .limit(1);
  return (rows as ThumbnailSighting[])[0];
}
