import { afterAll, beforeAll, expect, test } from 'vitest';
import { listDetections, type ListDetectionsOptions } from '../../../src/services/detections/list-detections.ts';
import { listTracks } from '../../../src/services/tracks/list-tracks.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedDetection, seedFile, seedRun } from './seed.ts';

let db: TestDatabase;
let january: number;
let march: number;
let track: number;

beforeAll(async () => {
  db = await createTestDatabase();
  const { knex } = db;
  await seedRun(knex);
  await seedCamera(knex, 'gate');
  january = await seedFile(knex, { camera: 'gate', at: '2026-01-10T10:00:00Z' });
  march = await seedFile(knex, { camera: 'gate', at: '2026-03-10T10:00:00Z' });
  const rows = await knex('tracks')
    .insert({
      camera_id: 'gate',
      object_class: 'person',
      class_group: 'person',
      first_seen: '2026-01-10T10:00:01Z',
      last_seen: '2026-01-10T10:00:04Z',
      closed_at: '2026-01-10T10:00:09Z',
      first_detection_id: 1,
      detection_count: 2,
      max_score: 0.9,
      confirmed: true,
    })
    .returning('id');
  track = rows[0].id;
  const seed = (fileId: number, at: string, offsetMs: number, more: object) =>
    seedDetection(knex, { fileId, camera: 'gate', at, offsetMs, more });
  await seed(january, '2026-01-10T10:00:00Z', 1000, { track_id: track, confidence: 0.9 });
  await seed(january, '2026-01-10T10:00:00Z', 4000, { track_id: track, confidence: 0.6 });
  await seed(january, '2026-01-10T10:00:00Z', 4000, { object_type: 'car', confidence: 0.5, is_static: true });
  await seed(march, '2026-03-10T10:00:00Z', 0, { object_type: 'dog', confidence: 0.3 });
});
afterAll(() => db.drop());

const defaults: ListDetectionsOptions = {
  scope: {},
  filter: {},
  sort: { field: 'detected_at', descending: false },
  limit: 0,
  zones: { cameras: {} },
};

async function seen(options: Partial<ListDetectionsOptions>): Promise<string[]> {
  const found: string[] = [];
  for await (const { object_type: type, confidence } of await listDetections(db.knex, { ...defaults, ...options })) {
    found.push(`${String(type)} ${String(confidence)}`);
  }
  return found;
}

const ALL = ['person 0.9', 'person 0.6', 'car 0.5', 'dog 0.3'];

test('lists in the order asked for', async () => {
  expect(await seen({})).toEqual(ALL);
  expect(await seen({ sort: { field: 'confidence', descending: true }, limit: 2 })).toEqual(ALL.slice(0, 2));
});

test('narrows by class, score and standing still', async () => {
  expect(await seen({ filter: { types: ['dog', 'car'] } })).toEqual(['car 0.5', 'dog 0.3']);
  expect(await seen({ filter: { minConfidence: 0.6 } })).toEqual(['person 0.9', 'person 0.6']);
  expect(await seen({ filter: { isStatic: true } })).toEqual(['car 0.5']);
  expect(await seen({ filter: { isStatic: false } })).toEqual(['person 0.9', 'person 0.6', 'dog 0.3']);
});

test('narrows by file, by id and by path', async () => {
  expect(await seen({ files: [String(march)] })).toEqual(['dog 0.3']);
  expect(await seen({ files: ['/footage/gate/2026-01-10T10:00:00Z.mp4'] })).toEqual(ALL.slice(0, 3));
  expect(await seen({ files: [String(january), String(march)] })).toEqual(ALL);
});

test('a path that is no file of the ledger is a usage error', async () => {
  await expect(seen({ files: ['/nowhere.mp4'] })).rejects.toThrow(expect.objectContaining({ exitCode: 2, code: 'file_unknown' }));
});

test('narrows by track', async () => {
  expect(await seen({ filter: { trackId: track } })).toEqual(['person 0.9', 'person 0.6']);
  expect(await seen({ filter: { trackId: 999_999 } })).toEqual([]);
});

test('the last frame of a file is inside the span that is read for it', async () => {
  await seedDetection(db.knex, {
    fileId: march,
    camera: 'gate',
    at: '2026-03-10T10:00:00Z',
    offsetMs: 10_000,
    more: { object_type: 'cat' },
  });
  expect(await seen({ files: [String(march)] })).toEqual(['dog 0.3', 'cat 0.9']);
  await db.knex('detections').where('object_type', 'cat').delete();
});

test('a look-up by file reads one month and no other', async () => {
  const queries: { sql: string; bindings: unknown[] }[] = [];
  const note = (query: { sql: string; bindings: unknown[] }): void => void queries.push(query);
  db.knex.on('query', note);
  await seen({ files: [String(march)] });
  db.knex.removeListener('query', note);
  const { sql, bindings } = queries.at(-1)!;
  const plain = sql.replace(/\$(\d+)/g, (_, n: string) => {
    const value = bindings[Number(n) - 1];
    return value instanceof Date ? `'${value.toISOString()}'` : String(value);
  });
  const { rows } = await db.knex.raw<{ rows: { 'QUERY PLAN': string }[] }>(`explain ${plain}`);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('detections_y2026m03');
  expect(plan).not.toContain('detections_y2026m01');
});

test('lists tracks by class and length', async () => {
  const sort = { field: 'first_seen', descending: true } as const;
  const found = async (filter: object): Promise<unknown[]> => {
    const ids: unknown[] = [];
    for await (const row of await listTracks(db.knex, {
      scope: {},
      filter,
      sort,
      limit: 0,
      zones: { cameras: {}, timezone: 'Asia/Tokyo' },
    })) {
      ids.push([row.id, row.duration_s, row.first_seen_at_local]);
    }
    return ids;
  };
  const expected = [[track, 3, '2026-01-10T19:00:01.000+09:00']];
  expect(await found({})).toEqual(expected);
  expect(await found({ types: ['person'], minDurationMs: 3000 })).toEqual(expected);
  expect(await found({ minDurationMs: 3001 })).toEqual([]);
  expect(await found({ types: ['car'] })).toEqual([]);
});
