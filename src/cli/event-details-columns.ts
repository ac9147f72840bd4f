import type { Column } from './column.ts';

type Factor = { id: string; points: number; sentence: string };

export const FACTOR_COLUMNS: Column<Factor>[] = [
  { key: 'factor', value: (factor) => factor.id },
  { key: 'points', value: (factor) => factor.points },
  { key: 'why', value: (factor) => factor.sentence },
];

type EventFile = {
  media_file_id: number | null;
  path: string;
  first_offset_ms: number | null;
  last_offset_ms: number | null;
  detection_count: number;
};

export const FILE_COLUMNS: Column<EventFile>[] = [
  { key: 'file', value: (file) => file.media_file_id },
  { key: 'from', value: (file) => file.first_offset_ms, format: (file) => offsetText(file.first_offset_ms) },
  { key: 'to', value: (file) => file.last_offset_ms, format: (file) => offsetText(file.last_offset_ms) },
  { key: 'detections', value: (file) => file.detection_count },
  { key: 'path', value: (file) => file.path },
];

function offsetText(offsetMs: number | null): string {
  return offsetMs === null ? '' : `${(offsetMs / 1000).toFixed(3)} s`;
}

type EventTrack = {
  id: number;
  object_class: string;
  first_seen_local: string;
  last_seen_local: string;
  detections_in_event: number;
  max_score: number;
};

export const TRACK_COLUMNS: Column<EventTrack>[] = [
  { key: 'track', value: (track) => track.id },
  { key: 'class', value: (track) => track.object_class },
  { key: 'first_seen', value: (track) => track.first_seen_local },
  { key: 'last_seen', value: (track) => track.last_seen_local },
  { key: 'detections', value: (track) => track.detections_in_event },
  { key: 'max_confidence', value: (track) => track.max_score },
];

type EventZone = {
  zone: string;
  track_id: number;
  object_class: string;
  entered_at_local: string | null;
  left_at_local: string | null;
  visits: readonly unknown[];
  dwell_s: number;
  zone_suspect: boolean;
};

export const ZONE_COLUMNS: Column<EventZone>[] = [
  { key: 'zone', value: (stay) => stay.zone, format: (stay) => (stay.zone_suspect ? `${stay.zone} (view has changed)` : stay.zone) },
  { key: 'track', value: (stay) => stay.track_id },
  { key: 'class', value: (stay) => stay.object_class },
  { key: 'entered', value: (stay) => stay.entered_at_local },
  { key: 'left', value: (stay) => stay.left_at_local },
  { key: 'visits', value: (stay) => stay.visits.length },
  { key: 'dwell_s', value: (stay) => stay.dwell_s },
];
