import type { Knex } from 'knex';

import type { ClipEventRow } from '../../db/queries/clip-footage.ts';
import { streamDetections } from '../../db/queries/detections.ts';
import type { BoxFrame } from '../../domain/clips/hold-boxes.ts';
import type { DrawnBox } from '../../media/drawing/zone-overlay.ts';
import { toSeenBox } from '../zones/seen-box.ts';

/** What was seen of an event, by file of the ledger. */
export type EventBoxes = ReadonlyMap<number, readonly BoxFrame<DrawnBox>[]>;

export async function findEventBoxes(knex: Knex, event: ClipEventRow): Promise<EventBoxes> {
  const until = new Date((event.ended_at ?? event.started_at).getTime() + 1);
  const filter = { eventId: event.id, cameraIds: [event.camera_id], since: event.started_at, until };
  const files = new Map<number, Map<number, DrawnBox[]>>();
  for await (const row of streamDetections(knex, { filter, sort: { field: 'detected_at', descending: false } })) {
    if (row.media_file_id === null || row.frame_offset_ms === null) continue;
    const frames = files.get(row.media_file_id) ?? new Map<number, DrawnBox[]>();
    files.set(row.media_file_id, frames.set(row.frame_offset_ms, [...(frames.get(row.frame_offset_ms) ?? []), ...toSeenBox(row)]));
  }
  return new Map([...files].map(([id, frames]) => [id, [...frames].map(([offsetMs, boxes]) => ({ offsetMs, boxes }))]));
}
