import type { Knex } from 'knex';
import type { AnomalyBasis } from '../../db/models/event-anomalies.ts';
import { streamDetections, type DetectionListRow } from '../../db/queries/detections.ts';
import { findFootageSpan } from '../../db/queries/footage-span.ts';
import { findEventEnrichments, type EventEnrichments } from '../../db/queries/event-enrichments.ts';
import {
  findEventFiles,
  findEventTracks,
  findEventVerdict,
  type EventFileRow,
  type EventTrackRow,
  type EventVerdictRow,
} from '../../db/queries/event-details.ts';
import { findEvent } from '../../db/queries/events.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { toDetectionView, type DetectionView } from '../detections/detection-record.ts';
import { findCameraZones } from '../zones/camera-zones.ts';
import { findEventZones, type EventZone } from '../zones/event-zones.ts';
import { anomalyText } from './anomaly-text.ts';
import { enrichmentTexts, type EnrichmentTexts } from './enrichment-text.ts';
import { toEventView, type EventView } from './event-record.ts';
import { flagsText } from './flags-text.ts';
import { noSuchEvent } from './review-event.ts';

export type EventDetails = {
  event: EventView;
  /** What its anomaly rests on. */
  anomaly_basis: AnomalyBasis | null;
  /** What its score is made of. */
  analysis: EventVerdictRow | null;
  /** Where to look: files with the first and last offset of the event in them. */
  files: EventFileRow[];
  tracks: (EventTrackRow & { first_seen_local: string; last_seen_local: string })[];
  /** What its tracks did in zones. */
  zones: (EventZone & { entered_at_local: string | null; left_at_local: string | null })[];
  /** What optional stages found. */
  enrichments: EventEnrichments;
  /** At most 500 (§6.2), in footage order. */
  detections: DetectionView[];
};

type ShownEvent = EventView & EnrichmentTexts & { flags: string | null; analysis_code: string | null };

/** Throws a usage error when there is no such event. */
export async function showEvent(knex: Knex, id: number, zones: ZoneSettings): Promise<EventDetails> {
  const row = await findEvent(knex, id);
  if (!row) throw noSuchEvent([id]);
  const cameraZones = await findCameraZones(knex, [row.camera_id]);
  // One after the other: in a snapshot there is one connection, and it takes one question at a time.
  const analysis = await findEventVerdict(knex, id);
  const files = await findEventFiles(knex, id);
  const tracks = await findEventTracks(knex, id);
  const enrichments = await findEventEnrichments(knex, id);
  const detections = await detectionsOfEvent(knex, id, (detection) => toDetectionView(detection, zones, cameraZones));
  const stays = await findEventZones(knex, { event: row, tracks, zones: cameraZones.get(row.camera_id) ?? [] });
  const timezone = cameraZone(row, zones);
  const local = (date: Date): string => formatLocal(date.getTime(), timezone);
  return {
    event: toEventView(row, zones, cameraZones),
    anomaly_basis: row.anomaly_basis,
    analysis: analysis ?? null,
    files,
    tracks: tracks.map((track) => ({ ...track, first_seen_local: local(track.first_seen), last_seen_local: local(track.last_seen) })),
    zones: stays.map((stay) => ({
      ...stay,
      entered_at_local: stay.entered_at && local(stay.entered_at),
      left_at_local: stay.left_at && local(stay.left_at),
    })),
    enrichments,
    detections,
  };
}

/** The event as people read it: what its anomaly rests on and what optional stages found is said in words. */
export function toShownEvent({ event, analysis, anomaly_basis: basis, enrichments }: EventDetails): ShownEvent {
  return {
    ...event,
    flags: flagsText(analysis?.flags ?? []),
    analysis_code: analysis?.analysis_code ?? null,
    anomaly: anomalyText(event.anomaly, basis),
    anomaly_level: null,
    ...enrichmentTexts(enrichments),
  };
}

type ToRecord = (row: DetectionListRow) => DetectionView;

async function detectionsOfEvent(knex: Knex, eventId: number, toRecord: ToRecord): Promise<DetectionView[]> {
  const span = await findFootageSpan(knex, { eventId });
  if (!span) return [];
  const detections: DetectionView[] = [];
  const rows = streamDetections(knex, {
    filter: { ...span, eventId },
    sort: { field: 'detected_at', descending: false },
    withEnrichment: true,
  });
  for await (const detection of rows) detections.push(toRecord(detection));
  return detections;
}
