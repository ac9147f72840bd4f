import type { Knex } from 'knex';
import { streamDetections } from '../../db/queries/detections.ts';
import { findFootageSpan } from '../../db/queries/footage-span.ts';
import { findEventFiles, findEventTracks, type EventFileRow, type EventTrackRow } from '../../db/queries/event-details.ts';
import { findEvent } from '../../db/queries/events.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { toDetectionRecord, type DetectionRecord } from '../detections/detection-record.ts';
import { toEventRecord, type EventRecord } from './event-record.ts';

export type EventDetails = {
  event: EventRecord;
  /** Where to look: files with the first and last offset of the event in them. */
  files: EventFileRow[];
  tracks: (EventTrackRow & { first_seen_local: string; last_seen_local: string })[];
  /** At most 500 (§6.2), in footage order. */
  detections: DetectionRecord[];
};

/** Throws a usage error when there is no such event. */
export async function showEvent(knex: Knex, id: number, zones: ZoneSettings): Promise<EventDetails> {
  const row = await findEvent(knex, id);
  if (!row) {
    throw new UsageError(`there is no event ${String(id)}`, { code: 'event_unknown', hint: '`hs events list` shows the ids there are' });
  }
  const [files, tracks, detections] = await Promise.all([
    findEventFiles(knex, id),
    findEventTracks(knex, id),
    detectionsOfEvent(knex, id, zones),
  ]);
  const timezone = cameraZone(row, zones);
  const local = (date: Date): string => formatLocal(date.getTime(), timezone);
  return {
    event: toEventRecord(row, zones),
    files,
    tracks: tracks.map((track) => ({ ...track, first_seen_local: local(track.first_seen), last_seen_local: local(track.last_seen) })),
    detections,
  };
}

async function detectionsOfEvent(knex: Knex, eventId: number, zones: ZoneSettings): Promise<DetectionRecord[]> {
  const span = await findFootageSpan(knex, { eventId });
  if (!span) return [];
  const detections: DetectionRecord[] = [];
  const rows = streamDetections(knex, { filter: { ...span, eventId }, sort: { field: 'detected_at', descending: false } });
  for await (const detection of rows) detections.push(toDetectionRecord(detection, zones));
  return detections;
}
