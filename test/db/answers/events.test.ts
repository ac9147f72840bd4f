import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVENT_COLUMNS } from '../../../src/services/events/event-record.ts';
import { listEvents, type ListEventsOptions } from '../../../src/services/events/list-events.ts';
import { showEvent } from '../../../src/services/events/show-event.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from './seed.ts';

let db: TestDatabase;
let ids: { gate: number; yard: number; night: number };

beforeAll(async () => {
  db = await createTestDatabase();
  const { knex } = db;
  await seedRun(knex);
  await seedCamera(knex, 'front_gate', { name: 'Front Gate', timezone: 'Europe/Berlin' });
  await seedCamera(knex, 'yard');
  const gateFile = await seedFile(knex, { camera: 'front_gate', at: '2026-01-14T08:15:00Z' });
  const yardFile = await seedFile(knex, { camera: 'yard', at: '2026-01-20T12:00:00Z' });
  const track = await knex('tracks')
    .insert({
      camera_id: 'front_gate',
      object_class: 'person',
      class_group: 'person',
      first_seen: '2026-01-14T08:15:00.500Z',
      last_seen: '2026-01-14T08:15:02Z',
      closed_at: '2026-01-14T08:15:10Z',
      first_detection_id: 1,
      detection_count: 2,
      max_score: 0.9,
      confirmed: true,
    })
    .returning('id');
  const more = { track_id: track[0].id };
  const first = await seedDetection(knex, { fileId: gateFile, camera: 'front_gate', at: '2026-01-14T08:15:00Z', offsetMs: 500, more });
  const second = await seedDetection(knex, { fileId: gateFile, camera: 'front_gate', at: '2026-01-14T08:15:00Z', offsetMs: 2000, more });
  const third = await seedDetection(knex, { fileId: yardFile, camera: 'yard', at: '2026-01-20T12:00:00Z', more: { time_source: 'mtime' } });
  ids = {
    gate: await seedEvent(knex, {
      camera: 'front_gate',
      members: [first, second],
      more: { object_types: 'person,car', notes: 'The postman was running', is_fast_path: true },
    }),
    yard: await seedEvent(knex, {
      camera: 'yard',
      members: [third],
      more: { object_types: 'cat', risk_score: 70, risk_level: 'high', risk_source: 'rules', reviewed: true },
    }),
    night: await seedEvent(knex, { camera: 'yard', members: [], at: '2026-01-16T23:30:00Z', more: { object_types: 'caravan' } }),
  };
});
afterAll(() => db.drop());

const defaults: ListEventsOptions = {
  scope: {},
  filter: {},
  sort: { field: 'started_at', descending: true },
  limit: 0,
  columns: [],
  zones: { cameras: {} },
};

async function idsOf(options: Partial<ListEventsOptions>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const event of await listEvents(db.knex, { ...defaults, ...options })) found.push(event.id);
  return found;
}

test('lists newest first', async () => {
  expect(await idsOf({})).toEqual([ids.yard, ids.night, ids.gate]);
});

test('limits, and sorts by an allowed field with missing values last', async () => {
  expect(await idsOf({ limit: 1 })).toEqual([ids.yard]);
  expect(await idsOf({ sort: { field: 'risk_score', descending: true } })).toEqual([ids.yard, ids.night, ids.gate]);
  expect(await idsOf({ sort: { field: 'started_at', descending: false } })).toEqual([ids.gate, ids.night, ids.yard]);
});

test.each<[string, Partial<ListEventsOptions>, ('gate' | 'yard' | 'night')[]]>([
  ['level', { filter: { levels: ['high', 'critical'] } }, ['yard']],
  ['score', { filter: { minScore: 70 } }, ['yard']],
  ['a score nobody has', { filter: { minScore: 71 } }, []],
  ['class', { filter: { types: ['car'] } }, ['gate']],
  ['several classes', { filter: { types: ['car', 'cat'] } }, ['yard', 'gate']],
  ['part of a class name', { filter: { types: ['ca'] } }, []],
  ['reviewed', { filter: { reviewed: true } }, ['yard']],
  ['not reviewed', { filter: { reviewed: false } }, ['night', 'gate']],
  ['fast path', { filter: { fastPath: true } }, ['gate']],
  ['source', { filter: { sources: ['none'] } }, ['night', 'gate']],
  ['status', { filter: { statuses: ['analyzed'] } }, []],
  ['an inflected word of the notes', { filter: { text: 'run' } }, ['gate']],
  ['a word of the camera name', { filter: { text: 'gate' } }, ['gate']],
  ['no words of any event', { filter: { text: "'; drop table events; --" } }, []],
  ['a glob of cameras', { scope: { cameras: ['front*'] } }, ['gate']],
  ['several cameras', { scope: { cameras: ['Front Gate', 'yard'] } }, ['yard', 'night', 'gate']],
  ['days before the newest footage, not before today', { scope: { since: '5d' } }, ['yard', 'night']],
  ['days before the newest footage of that camera', { scope: { since: '5d', cameras: ['front_gate'] } }, ['gate']],
  ['a day, its end included', { scope: { since: '2026-01-14', until: '2026-01-16' } }, ['night', 'gate']],
  [
    'a local day of one camera',
    { scope: { since: '2026-01-14T09:15:00.500', until: '2026-01-14T09:15:01', cameras: ['front_gate'] } },
    ['gate'],
  ],
  ['the end of a span is outside', { scope: { until: '2026-01-14T08:15:00.500Z' } }, []],
])('narrows by %s', async (_, options, expected) => {
  expect(await idsOf(options)).toEqual(expected.map((name) => ids[name]));
});

test('a camera that matches nothing is a usage error, not an empty list (§12)', async () => {
  await expect(idsOf({ scope: { cameras: ['front*', 'bakc'] } })).rejects.toThrow(
    expect.objectContaining({ exitCode: 2, code: 'camera_unknown' }),
  );
});

test('a span that ends before it starts is a usage error', async () => {
  await expect(idsOf({ scope: { since: '2026-01-15', until: '2026-01-13' } })).rejects.toThrow(expect.objectContaining({ exitCode: 2 }));
});

test('leaving a list early gives its connection back', async () => {
  for (let round = 0; round < 20; round += 1) {
    for await (const event of await listEvents(db.knex, defaults)) {
      expect(event.id).toBe(ids.yard);
      break;
    }
  }
  expect(await idsOf({})).toHaveLength(3);
});

test('says where times came from only when asked', async () => {
  for await (const event of await listEvents(db.knex, { ...defaults, columns: EVENT_COLUMNS, limit: 1 }))
    expect(event.time_source).toBe('mtime');
  for await (const event of await listEvents(db.knex, { ...defaults, limit: 1 })) expect(event.time_source).toBeNull();
});

test('shows an event with its files, offsets, tracks and detections', async () => {
  const { event, files, tracks, detections } = await showEvent(db.knex, ids.gate, { cameras: {} });
  expect(event).toMatchObject({
    id: ids.gate,
    started_at_local: '2026-01-14T09:15:00.500+01:00',
    time_source: 'filename',
    detection_count: 2,
  });
  expect(files).toMatchObject([
    { first_offset_ms: 500, last_offset_ms: 2000, detection_count: 2, path: '/footage/front_gate/2026-01-14T08:15:00Z.mp4' },
  ]);
  expect(tracks).toMatchObject([{ object_class: 'person', detections_in_event: 2, first_seen_local: '2026-01-14T09:15:00.500+01:00' }]);
  expect(detections.map((detection) => detection.frame_offset_ms)).toEqual([500, 2000]);
  expect(detections[0]).toMatchObject({ event_ids: [ids.gate], model: 'test-model', image_width: 640 });
});

test('shows an event that lost its detections', async () => {
  expect(await showEvent(db.knex, ids.night, { cameras: {} })).toMatchObject({ files: [], tracks: [], detections: [] });
});

test('an event that does not exist is a usage error', async () => {
  await expect(showEvent(db.knex, 999_999, { cameras: {} })).rejects.toThrow(
    expect.objectContaining({ exitCode: 2, code: 'event_unknown' }),
  );
});
