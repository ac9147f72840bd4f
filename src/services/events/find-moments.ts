import type { Knex } from 'knex';

import { streamDetections } from '../../db/queries/detections.ts';
import type { EventRow } from '../../db/models/events.ts';
import { findDetectionFiles } from '../../db/queries/detection-crops.ts';
import type { MediaFileRow } from '../../db/models/media-files.ts';
import { chooseMoments, type Moment, type Sighting } from '../../domain/clips/choose-moments.ts';
import type { DrawnBox } from '../../media/drawing/zone-overlay.ts';
import { toSeenBox } from '../zones/seen-box.ts';

/** A frame to show, with all that was seen of the event in it. */
export type EventMoment = {
  why: Moment<Sighting>['why'];
  trackId: number | null;
  atMs: number;
  file: MediaFileRow;
  offsetMs: number;
  boxes: DrawnBox[];
};

type Seen = Sighting & { box: DrawnBox };

/** The most telling frames of an event whose files the ledger knows, up to `most`, in the order of footage. */
export async function findMoments(
  knex: Knex,
  event: Pick<EventRow, 'id' | 'camera_id' | 'started_at' | 'ended_at'>,
  most: number,
): Promise<EventMoment[]> {
  const until = new Date((event.ended_at ?? event.started_at).getTime() + 1);
  const filter = { eventId: event.id, cameraIds: [event.camera_id], since: event.started_at, until };
  const seen: Seen[] = [];
  for await (const row of streamDetections(knex, { filter, sort: { field: 'detected_at', descending: false } })) {
    const { media_file_id: fileId, frame_offset_ms: offsetMs, track_id: trackId, confidence } = row;
    if (fileId === null || offsetMs === null) continue;
    const sighting = { fileId, offsetMs, atMs: row.detected_at.getTime(), trackId, confidence: confidence ?? 0 };
    seen.push(...toSeenBox(row).map((box) => ({ ...sighting, areaShare: box.width * box.height, box })));
  }
  const moments = chooseMoments(seen, most);
  const files = await findDetectionFiles(
    knex,
    moments.map((moment) => moment.seen.fileId),
  );
  return moments.flatMap(({ why, seen: { fileId, offsetMs, atMs, trackId } }) => {
    const file = files.get(fileId);
    const boxes = seen.filter((one) => one.fileId === fileId && one.offsetMs === offsetMs).map(({ box }) => box);
    return file === undefined ? [] : [{ why, trackId, atMs, file, offsetMs, boxes }];
  });
}
