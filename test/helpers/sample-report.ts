import type { LevelCounts, Report, ReportCamera, ReportEvent, ReportPicture, UnusualHour } from '../../src/exporters/report/report-data.ts';

const MINUTE_MS = 60_000;
const START = new Date('2026-01-12T00:00:00Z');
const END = new Date('2026-01-19T00:00:00Z');
const DATES = Array.from({ length: 7 }, (_, index) => `2026-01-${String(12 + index)}`);
const NO_EVENTS: LevelCounts = { critical: 0, high: 0, medium: 0, low: 0, unscored: 0 };
const LEVELS = ['critical', 'high', 'medium', 'low', null] as const;

/** Of a week in which nothing was recorded by nobody. */
export function emptyReport(): Report {
  const none = { total: 0, items: [] };
  return {
    kind: 'weekly',
    since: START,
    until: END,
    since_local: '2026-01-12T00:00:00.000+00:00',
    until_local: '2026-01-19T00:00:00.000+00:00',
    timezone: 'UTC',
    dates: DATES,
    counts: {
      events: 0,
      events_by_level: NO_EVENTS,
      alerts: 0,
      footage_s: 0,
      holes: 0,
      missing_s: 0,
      scene_changes: 0,
      open_scene_changes: 0,
      files: 0,
      failed_files: 0,
      partial_files: 0,
      undated_files: 0,
      unusual_hours: 0,
    },
    cameras: [],
    activity: { rows: [], events: [] },
    events: none,
    alerts: none,
    holes: none,
    scene_changes: none,
    files: none,
    unusual_hours: none,
  };
}

/** Of a week with so many events at a camera of this name, and one finding of every kind. */
export function sampleReport({ events, name }: { events: number; name: string }): Report {
  const items = Array.from({ length: events }, (_, index) => sampleEvent(index, name));
  const byLevel = { ...NO_EVENTS };
  for (const { risk_level: level } of items) byLevel[level ?? 'unscored'] += 1;
  const camera = sampleCamera(name, byLevel);
  const at = { camera_id: name, camera_name: name };
  const local = '2026-01-14T08:15:00.000+00:00';
  const moment = new Date('2026-01-14T08:15:00Z');
  const one = <Item>(item: Item): { total: number; items: Item[] } => ({ total: 1, items: [item] });
  const empty = emptyReport();
  const hour: UnusualHour = {
    camera_id: name,
    started_at: moment,
    started_at_local: local,
    kind: 'busy',
    seen: 9,
    usual: 0.4,
    score: 0.9987,
    object_type: name,
  };
  return {
    ...empty,
    counts: {
      events,
      events_by_level: byLevel,
      alerts: 1,
      footage_s: 3600,
      holes: 1,
      missing_s: 5400,
      scene_changes: 1,
      open_scene_changes: 1,
      files: 12,
      failed_files: 1,
      partial_files: 0,
      undated_files: 1,
      unusual_hours: 1,
    },
    cameras: [camera],
    activity: { rows: DATES, events: DATES.map(() => Array.from({ length: 24 }, (_, index) => (index > 20 ? null : index % 3))) },
    events: { total: events + 3, items },
    alerts: one({
      ...at,
      id: 'a',
      event_id: 1,
      occurred_at: moment,
      occurred_at_local: local,
      severity: 'high',
      status: 'pending',
      rule_name: name,
      summary: name,
    }),
    holes: one({
      camera_id: name,
      from: moment,
      to: new Date(moment.getTime() + 90 * MINUTE_MS),
      from_local: local,
      to_local: local,
      seconds: 5400,
      cause: 'failed_files',
    }),
    scene_changes: one({
      id: 1,
      camera_id: name,
      detected_at: moment,
      detected_at_local: local,
      ended_at_local: null,
      change_type: 'view_blocked',
      reason: 'covered',
      similarity_score: 0.2,
      open: true,
    }),
    files: one({
      id: 1,
      camera_id: name,
      status: 'failed',
      code: 'no_frames',
      message: name,
      readable_fraction: null,
      captured_at: moment,
      captured_at_local: local,
      path: `/footage/${name}.mp4`,
    }),
    unusual_hours: one(hour),
  };
}

function sampleEvent(index: number, name: string): ReportEvent {
  const at = new Date(START.getTime() + index * 20 * MINUTE_MS);
  const level = LEVELS[index % LEVELS.length] ?? null;
  return {
    id: index + 1,
    camera_id: name,
    camera_name: name,
    started_at: at,
    started_at_local: at.toISOString().replace('Z', '+00:00'),
    duration_s: 12,
    risk_score: level === null ? null : 90 - (index % 5) * 20,
    risk_level: level,
    object_types: ['person', 'car'],
    summary: `${name} A person walks up to the door, waits and leaves a parcel behind the bench.`,
    anomaly: 0.97,
    reviewed: index % 2 === 0,
  };
}

function sampleCamera(name: string, byLevel: LevelCounts): ReportCamera {
  return {
    camera_id: name,
    camera_name: name,
    timezone: 'UTC',
    recording: 'continuous',
    last_footage_at: END,
    last_footage_at_local: '2026-01-19T00:00:00.000+00:00',
    footage_s: 3600,
    holes: 1,
    missing_s: 5400,
    events: Object.values(byLevel).reduce((sum, count) => sum + count, 0),
    events_by_level: byLevel,
    days: DATES.map((_, index) => (index === 0 ? null : { share: index / 6, has_hole: index === 2 })),
    footage: [{ from: START, to: END }],
  };
}

/** Pictures of as many bytes for the first events. */
export function samplePictures(count: number, jpeg: Uint8Array): Map<number, ReportPicture> {
  return new Map(Array.from({ length: count }, (_, index) => [index + 1, { jpeg, width: 400, height: 225 }]));
}
