import type { Knex } from 'knex';
import type { MediaType } from '../../domain/enums.ts';
import type { EventRow } from '../models/events.ts';

/** One file an event was seen in; offsets in ms from the start of that file. */
export type EventFileRow = {
  media_file_id: number | null;
  path: string;
  content_sha256: string | null;
  media_type: MediaType | null;
  captured_at: Date | null;
  duration_ms: number | null;
  first_offset_ms: number | null;
  last_offset_ms: number | null;
  first_detected_at: Date;
  last_detected_at: Date;
  detection_count: number;
};

export type EventTrackRow = {
  id: number;
  object_class: string;
  class_group: string;
  first_seen: Date;
  last_seen: Date;
  detection_count: number;
  max_score: number;
  /** Detections of the track that belong to this event. */
  detections_in_event: number;
};

/** What an event's score is made of, and what else its analysis says. */
export type EventVerdictRow = Pick<
  EventRow,
  'factors' | 'flags' | 'entities' | 'confidence_factors' | 'analysis_code' | 'prompt_version' | 'analyzed_at' | 'run_id'
>;

export async function findEventVerdict(knex: Knex, eventId: number): Promise<EventVerdictRow | undefined> {
  return knex('events')
    .where({ id: eventId })
    .first<EventVerdictRow | undefined>(
      'factors',
      'flags',
      'entities',
      'confidence_factors',
      'analysis_code',
      'prompt_version',
      'analyzed_at',
      'run_id',
    );
}

export async function findEventFiles(knex: Knex, eventId: number): Promise<EventFileRow[]> {
  return detectionsOfEvent(knex, eventId)
    .leftJoin('media_files as f', 'f.id', 'd.media_file_id')
    .groupByRaw('d.media_file_id, coalesce(f.path, d.file_path), f.content_sha256, f.media_type, f.captured_at, f.duration_ms')
    .select('d.media_file_id', 'f.content_sha256', 'f.media_type', 'f.captured_at', 'f.duration_ms')
    .select({ path: knex.raw('coalesce(f.path, d.file_path)') })
    .min({ first_offset_ms: 'd.frame_offset_ms', first_detected_at: 'd.detected_at' })
    .max({ last_offset_ms: 'd.frame_offset_ms', last_detected_at: 'd.detected_at' })
    .count<EventFileRow[]>({ detection_count: '*' })
    .orderBy(['first_detected_at', 'path']);
}

export async function findEventTracks(knex: Knex, eventId: number): Promise<EventTrackRow[]> {
  return detectionsOfEvent(knex, eventId)
    .join('tracks as t', 't.id', 'd.track_id')
    .groupBy('t.id')
    .select('t.id', 't.object_class', 't.class_group', 't.first_seen', 't.last_seen', 't.detection_count', 't.max_score')
    .count<EventTrackRow[]>({ detections_in_event: '*' })
    .orderBy(['t.first_seen', 't.id']);
}

function detectionsOfEvent(knex: Knex, eventId: number): Knex.QueryBuilder {
  return knex('event_detections as ed')
    .join('detections as d', (join) => {
      join.on('d.id', 'ed.detection_id').andOn('d.detected_at', 'ed.detected_at');
    })
    .where('ed.event_id', eventId);
}
