import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertZone, type NewZone } from '../../../src/db/models/zones.ts';
import type { BoxXywh } from '../../../src/domain/box.ts';
import { zoneHits } from '../../../src/domain/zones/zone-hits.ts';
import { listDetections } from '../../../src/services/detections/list-detections.ts';
import { EVENT_VIEW_COLUMNS } from '../../../src/services/events/event-record.ts';
import { listEvents } from '../../../src/services/events/list-events.ts';
import { detectionSource, eventSource, type ExportSource } from '../../../src/services/export/export-source.ts';
import { listTracks } from '../../../src/services/tracks/list-tracks.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from './seed.ts';

const AT = '2026-01-10T10:00:00Z';
const PICTURE = { width: 640, height: 480 };
const LABELS = ['person', 'car', 'dog', 'hedgehog'];
const SQUARE: [number, number][] = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.75, 0.75],
  [0.25, 0.75],
];
const HOOK: [number, number][] = [
  [0, 0],
  [0.6, 0],
  [0.6, 0.3],
  [0.3, 0.3],
  [0.3, 1],
  [0, 1],
];
const DRAWN: (Partial<NewZone> & { id: string })[] = [
  { id: 'square', coordinates: SQUARE },
  { id: 'hook', coordinates: HOOK, shape: 'polygon' },
  { id: 'middle', coordinates: HOOK, shape: 'polygon', anchor: 'centre' },
  { id: 'touched', coordinates: SQUARE, anchor: 'overlap', classes: ['vehicle', 'hedgehog'] },
  { id: 'rest', coordinates: HOOK, shape: 'polygon', anchor: 'overlap', classes: ['other'] },
  {
    id: 'tip',
    coordinates: [
      [0.5, 0.2],
      [0.51, 0.9],
      [0.49, 0.9],
    ],
    shape: 'polygon',
    anchor: 'overlap',
  },
];
const zones = { cameras: {} };

let db: TestDatabase;
const boxes: { id: number; detected_at: Date; label: string; box: BoxXywh }[] = [];

/** Boxes at random places, and those that end right on a border or corner: there the two answers could part. */
function* places(): Generator<BoxXywh> {
  let state = 7;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let count = 0; count < 300; count += 1) {
    const [width, height] = [1 + draw(200), 1 + draw(200)];
    yield { x: draw(PICTURE.width - width), y: draw(PICTURE.height - height), width, height };
  }
  for (const x of [0, 159, 160, 161, 191, 192, 320, 479, 480, 481]) {
    for (const y of [0, 119, 120, 121, 143, 144, 240, 359, 360, 361])
      yield { x: Math.max(0, x - 10), y: Math.max(0, y - 30), width: 20, height: 30 };
  }
  yield { x: 0, y: 0, width: 640, height: 480 };
  yield { x: 600, y: 400, width: 40, height: 80 };
}

beforeAll(async () => {
  db = await createTestDatabase();
  const { knex } = db;
  await seedRun(knex);
  for (const camera of ['gate', 'yard']) await seedCamera(knex, camera);
  const fileId = await seedFile(knex, { camera: 'gate', at: AT });
  for (const { x, y, width, height } of places()) {
    const label = LABELS[boxes.length % LABELS.length]!;
    const more = { object_type: label, bbox_x: x, bbox_y: y, bbox_width: width, bbox_height: height };
    const row = await seedDetection(knex, { fileId, camera: 'gate', at: AT, offsetMs: boxes.length * 10, more });
    boxes.push({ ...row, label, box: { x, y, width, height } });
  }
  const nowhere = { bbox_x: null, bbox_y: null, bbox_width: null, bbox_height: null };
  await seedDetection(knex, { fileId, camera: 'gate', at: AT, offsetMs: 9_990, more: nowhere });
  await seedDetection(knex, { fileId, camera: 'gate', at: AT, offsetMs: 9_991, more: { video_width: null, video_height: null } });
  for (const zone of DRAWN) await insertZone(knex, { camera_id: 'gate', name: `The ${zone.id}`, coordinates: SQUARE, ...zone });
  await insertZone(knex, { id: 'off', camera_id: 'gate', name: 'Off', coordinates: SQUARE, enabled: false });
  await insertZone(knex, { id: 'tree', camera_id: 'gate', name: 'Tree', coordinates: SQUARE, purpose: 'ignore' });
  await insertZone(knex, { id: 'lawn', camera_id: 'yard', name: 'Lawn', coordinates: SQUARE });
});
afterAll(() => db.drop());

function isIn(zoneIds: readonly string[]): (typeof boxes)[number][] {
  const drawn = DRAWN.filter(({ id }) => zoneIds.includes(id)).map((zone) => ({
    id: zone.id,
    coordinates: zone.coordinates ?? SQUARE,
    enabled: true,
    priority: 0,
    purpose: 'detect' as const,
    anchor: zone.anchor ?? ('bottom_centre' as const),
    classes: zone.classes ?? null,
  }));
  return boxes.filter(({ label, box }) => zoneHits(drawn, { label, box, picture: PICTURE }).length > 0);
}

async function ids(rows: AsyncIterable<Readonly<Record<string, unknown>>>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const row of rows) found.push(row['id']);
  return found;
}

const sort = { field: 'detected_at', descending: false } as const;
const detected = async (inZones: string[], limit = 0, cameras?: string[]): Promise<unknown[]> =>
  ids(await listDetections(db.knex, { scope: { cameras }, filter: {}, inZones, sort, limit, zones }));

test.each(DRAWN.map(({ id }) => id))('detections in %s are those that its outline, anchor and classes say (§7)', async (id) => {
  const expected = isIn([id]).map((box) => box.id);
  expect(expected.length).toBeGreaterThan(3);
  expect(expected.length).toBeLessThan(boxes.length - 3);
  expect(await detected([id])).toEqual(expected);
});

test('several zones and patterns mean any of them, and a limit counts what is left', async () => {
  const expected = isIn(['square', 'touched']).map((box) => box.id);
  expect(await detected(['squ*', 'the TOUCHED'])).toEqual(expected);
  expect(await detected(['squ*', 'touched'], 7)).toEqual(expected.slice(0, 7));
  expect(await detected(['lawn'])).toEqual([]);
});

test.each([
  [['sqare'], undefined, { code: 'not_found', hint: 'did you mean square?' }],
  [['square', 'nothing*'], undefined, { code: 'not_found' }],
  [['lawn'], ['gate'], { code: 'not_found' }],
  [['off'], undefined, { code: 'zone_not_used', message: expect.stringContaining('disabled') as string }],
  [['tree'], undefined, { code: 'zone_not_used', message: expect.stringContaining('there for ignore') as string }],
])('zones %j of cameras %j are a usage error', async (inZones, cameras, error) => {
  await expect(detected(inZones, 0, cameras)).rejects.toThrow(expect.objectContaining({ exitCode: 2, ...error }) as Error);
});

test('an export counts and writes what the list shows, and records which zones were meant', async () => {
  const source = await detectionSource(db.knex, { scope: {}, filter: { types: ['car'] }, inZones: ['touched'] }, zones);
  const expected = isIn(['touched']).filter(({ label }) => label === 'car');
  expect(await source.count(db.knex)).toBe(expected.length);
  expect(await ids(await recordsOf(source))).toEqual(expected.map(({ id }) => id));
  expect(source.filters).toEqual({ types: ['car'], zones: ['touched'] });
});

test('an event and a track are in a zone when one of their detections was', async () => {
  const inside = isIn(['tip']);
  const outside = boxes.filter((box) => !inside.includes(box));
  const event = (members: typeof boxes): Promise<number> => seedEvent(db.knex, { camera: 'gate', members });
  const mixed = await event([outside[0]!, inside[0]!]);
  await event(outside.slice(1, 4));
  const both = await event(inside.slice(1, 3));
  const track = async (members: typeof boxes): Promise<number> => {
    const row = { camera_id: 'gate', object_class: 'person', class_group: 'person', confirmed: true, detection_count: members.length };
    const [first, last] = [members[0]!, members.at(-1)!];
    const seen = { first_seen: first.detected_at, last_seen: last.detected_at, closed_at: last.detected_at, first_detection_id: first.id };
    const [made] = await db
      .knex('tracks')
      .insert({ ...row, ...seen, max_score: 0.9 })
      .returning<{ id: number }[]>('id');
    await db
      .knex('detections')
      .whereIn(
        'id',
        members.map(({ id }) => id),
      )
      .update({ track_id: made!.id });
    return made!.id;
  };
  const through = await track([outside[5]!, inside[4]!].sort((a, b) => a.id - b.id));
  await track(outside.slice(6, 9));
  const choice = { scope: {}, filter: {}, inZones: ['tip'], limit: 0, zones };
  const newest = { field: 'id', descending: false } as const;
  expect(await ids(await listEvents(db.knex, { ...choice, sort: newest, columns: EVENT_VIEW_COLUMNS }))).toEqual([mixed, both]);
  expect(await ids(await listTracks(db.knex, { ...choice, sort: newest }))).toEqual([through]);
  const source = await eventSource(db.knex, choice, zones);
  expect(await source.count(db.knex)).toBe(2);
  expect(new Set(await ids(await recordsOf(source)))).toEqual(new Set([mixed, both]));
});

function recordsOf(source: ExportSource): Promise<AsyncIterable<Readonly<Record<string, unknown>>>> {
  return source.records(db.knex, source.columns);
}
