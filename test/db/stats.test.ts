import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { groupStats, isNothing, type StatsGrouping } from '../../src/services/stats/group-stats.ts';
import { headline } from '../../src/services/stats/headline.ts';
import type { ListScope } from '../../src/services/lists/resolve-scope.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { RUN_ID, seedCamera, seedDetection, seedEvent, seedFile, seedRun } from './answers/seed.ts';
import { seedTracks } from './baselines/seed-activity.ts';

const START = '2026-11-01T00:00:00Z';
const ZONES = { cameras: { far: { timezone: 'America/New_York' } } };

let db: TestDatabase;
const by = (grouping: StatsGrouping, scope: ListScope = {}) => groupStats(db.knex, { scope, zones: ZONES, by: grouping });

/** The gate is in Berlin on the night the clocks go back, the far camera in New York by the configuration; the third has nothing. */
beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'empty');
  expect(isNothing(await by('camera'))).toBe(true);
  expect(await by('day')).toEqual([]);
  await seedCamera(db.knex, 'gate', { timezone: 'Europe/Berlin' });
  await seedCamera(db.knex, 'far');
  await seedGate();
  await seedFar();
  await seedIngestRun();
});
afterAll(() => db.drop());

async function seedGate(): Promise<void> {
  const { knex } = db;
  // 02:30 summer time, 02:30 winter time, and three days later: one that failed, and one of unknown time.
  const files = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-28T12:00:00Z'];
  const ids: number[] = [];
  for (const at of files) ids.push(await seedFile(knex, { camera: 'gate', at }));
  const failed = { status: 'failed', failure_code: 'unreadable', ended_at: null, processed_at: null };
  await seedFile(knex, { camera: 'gate', at: '2026-10-28T13:00:00Z', more: failed });
  await knex('media_files').insert({
    camera_id: 'gate',
    path: '/footage/gate/when.mp4',
    size_bytes: 5,
    modified_at: new Date(0),
    media_type: 'video',
    status: 'failed',
    failure_code: 'time_unknown',
  });
  for (const [index, at] of files.entries()) {
    const fileId = ids[index] ?? 0;
    const first = await seedDetection(knex, { fileId, camera: 'gate', at });
    const second = await seedDetection(knex, { fileId, camera: 'gate', at, offsetMs: 9999, more: { object_type: 'dog' } });
    const score = [10, 20, null][index] ?? null;
    const scored = score === null ? {} : { risk_score: score, risk_level: 'low', risk_source: 'rules' };
    await seedEvent(knex, { camera: 'gate', members: [first, second], more: { object_types: 'dog,person', ...scored } });
  }
  const tracks = files.map((at, index) => ({ firstMs: Date.parse(at), label: 'person', confirmed: index > 0 }));
  await seedTracks(knex, 'gate', tracks);
}

async function seedFar(): Promise<void> {
  const { knex } = db;
  // 23:00 of the day before on the wall.
  const at = '2026-10-25T03:00:00Z';
  const fileId = await seedFile(knex, { camera: 'far', at });
  const member = await seedDetection(knex, { fileId, camera: 'far', at, more: { object_type: 'car' } });
  const more = { risk_score: 90, risk_level: 'critical', risk_source: 'rules', object_types: 'car', reviewed: true };
  const eventId = await seedEvent(knex, { camera: 'far', members: [member], more });
  const alert = { event_id: eventId, severity: 'high', status: 'pending', channels: '[]', dedup_key: 'k', occurred_at: at };
  await knex('alerts').insert({ ...alert, cooldown_seconds: 0 });
  await seedTracks(knex, 'far', [{ firstMs: Date.parse(at), label: 'car', confirmed: true }]);
}

async function seedIngestRun(): Promise<void> {
  const { knex } = db;
  const id = '0192f0c0-0000-7000-8000-0000000000aa';
  const result = JSON.stringify({ finished: 4, finishedFootageMs: 40_000, exit_code: 0 });
  await knex('jobs').insert({
    id,
    job_type: 'ingest',
    status: 'completed',
    progress_percent: 100,
    result,
    created_at: START,
    started_at: START,
    completed_at: START,
  });
  const took = { started_at: '2026-11-01T00:00:00Z', heartbeat_at: '2026-11-01T00:00:08Z', ended_at: '2026-11-01T00:00:08Z' };
  await knex('runs')
    .where({ id: RUN_ID })
    .update({ job_id: id, exit_code: 0, ...took });
}

describe('by camera', () => {
  test('every camera has a row, also one without anything', async () => {
    expect(await by('camera')).toMatchObject([
      { camera_id: 'empty', files: 0, footage_hours: 0, events: 0, alerts: 0, score_mean: null, last_footage_at: null },
      {
        camera_id: 'far',
        files: 1,
        detections: 1,
        tracks: 1,
        events: 1,
        events_critical: 1,
        alerts: 1,
        score_p90: 90,
        timezone: 'America/New_York',
        last_footage_at_local: '2026-10-24T23:00:10.000-04:00',
      },
      {
        camera_id: 'gate',
        files: 5,
        footage_hours: 0.01,
        detections: 6,
        tracks: 2,
        events: 3,
        events_low: 2,
        events_unscored: 1,
        score_mean: 15,
      },
    ]);
  });

  test('only the cameras and the footage asked for', async () => {
    const [only, ...rest] = await by('camera', { cameras: ['g*'], since: '2026-10-25T01:30:00Z', until: '2026-10-25T01:30:05Z' });
    expect(rest).toEqual([]);
    // Half of the file, one of its two detections, and the event that begins with it.
    expect(only).toMatchObject({
      camera_id: 'gate',
      files: 1,
      detections: 1,
      tracks: 1,
      events: 1,
      last_footage_at: new Date('2026-10-25T01:30:05Z'),
    });
    await expect(by('camera', { cameras: ['gaet'] })).rejects.toThrow('no camera matches "gaet"');
  });
});

describe('by time on the wall of each camera', () => {
  test('days without anything are there, and a day begins at its own midnight', async () => {
    const rows = await by('day');
    expect(rows.map(({ date, files, detections, events }) => [date, files, detections, events])).toEqual([
      ['2026-10-24', 1, 1, 1],
      ['2026-10-25', 2, 4, 2],
      ['2026-10-26', 0, 0, 0],
      ['2026-10-27', 0, 0, 0],
      ['2026-10-28', 2, 2, 1],
    ]);
  });

  test('an hour that occurs twice is one hour of the day', async () => {
    const rows = await by('hour');
    expect(rows).toHaveLength(24);
    const counted = rows.filter(({ files }) => files !== 0);
    expect(counted.map(({ hour, files, detections, tracks, events }) => [hour, files, detections, tracks, events])).toEqual([
      [2, 2, 4, 1, 2],
      [13, 1, 2, 1, 1],
      [14, 1, 0, 0, 0],
      [23, 1, 1, 1, 1],
    ]);
  });

  test('a span that begins within a quarter of an hour cuts there', async () => {
    const rows = await by('hour', { since: '2026-10-25T00:30:05Z', until: '2026-10-25T01:30:00.001Z', cameras: ['gate'] });
    expect(rows[2]).toMatchObject({ detections: 2, events: 1, footage_hours: 0 });
    expect(rows.reduce((sum, { detections }) => sum + Number(detections), 0)).toBe(2);
  });
});

test('by class an event counts for each of its classes, by level for one', async () => {
  expect((await by('class')).map((row) => [row['class'], row['detections'], row['tracks'], row['events'], row['events_low']])).toEqual([
    ['person', 3, 2, 3, 2],
    ['car', 1, 1, 1, 0],
    ['dog', 3, 0, 3, 2],
  ]);
  expect((await by('level')).map((row) => [row['level'], row['events'], row['events_percent'], row['alerts']])).toEqual([
    ['critical', 1, 25, 0],
    ['high', 0, 0, 1],
    ['medium', 0, 0, 0],
    ['low', 2, 50, 0],
    ['unscored', 1, 25, 0],
  ]);
});

describe('the headline', () => {
  test('has sums that agree with the groups', async () => {
    const columns = await headline(db.knex, { scope: {}, zones: ZONES });
    const cameras = await by('camera');
    for (const column of ['files', 'detections', 'tracks', 'events', 'events_unscored', 'alerts']) {
      expect([column, columns[column]]).toEqual([column, cameras.reduce((sum, row) => sum + Number(row[column]), 0)]);
    }
    expect(columns).toMatchObject({ cameras: 3, files_done: 4, files_failed: 2, events_reviewed: 1, score_median: 20, alerts_high: 1 });
    expect(columns['database_bytes']).toBeGreaterThan(1_000_000);
    expect(columns.classes).toEqual({ person: 2, car: 1 });
  });

  test('says how fast the last runs were', async () => {
    const { ingest_runs: runs } = await headline(db.knex, { scope: {}, zones: ZONES });
    expect(runs).toMatchObject([{ run_id: RUN_ID, seconds: 8, files: 4, files_per_s: 0.5, times_real_time: 5 }]);
  });

  test('of a span without footage is nothing', async () => {
    const columns = await headline(db.knex, { scope: { since: '2030-01-01' }, zones: ZONES });
    expect(isNothing([columns])).toBe(true);
    expect(columns).toMatchObject({ files: 0, footage_hours: 0, score_mean: null, last_footage_at: null, file_bytes: 0 });
    expect(columns.classes).toEqual({});
  });
});
