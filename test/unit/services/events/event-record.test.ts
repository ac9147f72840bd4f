import { expect, test } from 'vitest';
import type { EventListRow } from '../../../../src/db/queries/events.ts';
import { EVENT_COLUMNS, toEventRecord } from '../../../../src/services/events/event-record.ts';

const row: EventListRow = {
  id: 7,
  batch_id: 'front_door-20260114T081500250Z',
  sequence_id: 'front_door-20260114T081500250Z',
  camera_id: 'front_door',
  camera_name: 'Front Door',
  camera_timezone: 'Europe/Berlin',
  property_timezone: null,
  started_at: new Date('2026-01-14T08:15:00.250Z'),
  ended_at: new Date('2026-01-14T08:15:41.500Z'),
  risk_score: null,
  risk_level: null,
  risk_source: 'none',
  rule_score: null,
  analysis_status: 'pending',
  summary: null,
  reasoning: null,
  recommended_action: null,
  object_types: 'person,car',
  detection_count: 12,
  max_score: 0.9312,
  is_fast_path: true,
  reviewed: false,
  flagged: false,
  snooze_until: null,
  version: 3,
  notes: null,
  clip_path: null,
  time_ambiguous: false,
  anomaly: null,
  anomaly_basis: null,
  feedback: null,
  time_source: 'filename',
};

test('has exactly the documented columns, in their order (§10.14)', () => {
  const documented =
    'id, batch_id, sequence_id, camera_id, camera_name, started_at, ended_at, started_at_local, timezone, duration_s, risk_score, risk_level, risk_source, rule_score, analysis_status, summary, reasoning, recommended_action, object_types, detection_count, max_confidence, zones, anomaly, is_fast_path, reviewed, feedback, notes, clip_path, time_source, time_ambiguous';
  expect(EVENT_COLUMNS.join(', ')).toBe(documented);
  expect(Object.keys(toEventRecord(row, { cameras: {} }))).toEqual([...EVENT_COLUMNS]);
});

test('says what is known and leaves empty what no feature has decided yet', () => {
  expect(toEventRecord(row, { cameras: {} })).toMatchObject({
    started_at_local: '2026-01-14T09:15:00.250+01:00',
    timezone: 'Europe/Berlin',
    duration_s: 41.25,
    object_types: ['person', 'car'],
    max_confidence: 0.9312,
    risk_score: null,
    risk_source: 'none',
    zones: null,
    anomaly: null,
    feedback: null,
    time_source: 'filename',
  });
});

test('an event without detections has no types and no length', () => {
  const empty = toEventRecord({ ...row, object_types: null, ended_at: null }, { cameras: {} });
  expect(empty).toMatchObject({ object_types: [], duration_s: 0, ended_at: null });
});
