import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { openDatabase } from '../../src/db/database.ts';
import { up } from '../../src/db/migrations/20261122140100_backfill_event_detections.ts';
import { ensureDetectionPartitions } from '../../src/db/partitions.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { seedCamera } from './answers/seed.ts';

let db: TestDatabase;
const AT = new Date('2026-01-14T08:00:00Z');
const LATER = new Date('2026-03-14T08:00:00Z');
const KNOWN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 19];

beforeAll(async () => {
  db = await createTestDatabase();
  await seedCamera(db.knex, 'gate');
  await seedCamera(db.knex, 'shed');
  await ensureDetectionPartitions(db.knex, [AT, LATER]);
  const row = (id: number, camera = 'gate', at = AT) => ({ id, camera_id: camera, file_path: '/a', detected_at: at });
  await db.knex('detections').insert([...KNOWN.map((id) => row(id)), row(70, 'shed'), row(71, 'gate', LATER)]);
});

afterEach(async () => {
  await db.knex('events').delete();
  await db.knex('logs').delete();
});

afterAll(() => db.drop());

async function oldEvents(texts: readonly (string | null)[]): Promise<void> {
  await db.knex('events').insert(
    texts.map((text, index) => ({
      id: index + 1,
      batch_id: `b${index}`,
      camera_id: 'gate',
      started_at: AT,
      ended_at: AT,
      detection_ids: text,
    })),
  );
}

async function migrate(): Promise<string[]> {
  const said: string[] = [];
  const own = await openDatabase({ url: db.url, home: '/nonexistent', migrate: 'none', log: (line) => said.push(line) });
  await up(own.knex).finally(() => own.close());
  return said;
}

async function membersOf(event: number): Promise<number[]> {
  return db.knex('event_detections').where({ event_id: event }).orderBy('detection_id').pluck('detection_id');
}

async function problemsOf(event: number): Promise<Record<string, number> | undefined> {
  const row = await db.knex('logs').where({ event_id: event }).first('extra');
  return row?.extra.problems;
}

const TEXTS: [string | null, number[], Record<string, number> | undefined][] = [
  ['[1, 2, 3]', [1, 2, 3], undefined],
  ['1,2,3', [1, 2, 3], undefined],
  [' [4,5] ', [4, 5], undefined],
  ['4, 5 ,6', [4, 5, 6], undefined],
  ['14,\t15', [14, 15], undefined],
  ['12,,13,', [12, 13], undefined],
  [null, [], undefined],
  ['', [], undefined],
  ['\uFEFF \u00A0', [], undefined],
  ['[]', [], undefined],
  ['[ ]', [], undefined],
  ['[16,16]', [16], undefined],
  ['019', [19], undefined],
  ['[1,2,]', [1, 2], { malformed_json: 1 }],
  ['[1,2', [1, 2], { malformed_json: 1 }],
  ['7,abc,8', [7, 8], { not_an_id: 1 }],
  ['["9","x",10.5,null,11]', [9, 11], { not_an_id: 3 }],
  ['{"a":1}', [], { not_an_id: 1 }],
  ['-17,+18', [], { not_an_id: 2 }],
  ['0', [], { out_of_range: 1 }],
  ['[-17]', [], { out_of_range: 1 }],
  ['[1e400]', [], { out_of_range: 1 }],
  ['9007199254740993', [], { out_of_range: 1 }],
  ['[9007199254740993]', [], { out_of_range: 1 }],
  ['99999999999', [], { unknown_detection: 1 }],
  ['9007199254740991', [], { unknown_detection: 1 }],
  ['70', [70], { other_camera: 1 }],
  ['71', [71], undefined], // far from the time of its event
  ["'; DROP TABLE events; --", [], { not_an_id: 1 }],
  ['[{"id":1},[2],"\\u0000",true]', [], { not_an_id: 4 }],
  ['['.repeat(100_000), [], { malformed_json: 1, not_an_id: 1 }],
  [`🚪${'😀'.repeat(300)}`, [], { not_an_id: 1 }],
];

test('an old store gets its memberships, and every bad text survives and is reported (schema §8)', async () => {
  await oldEvents(TEXTS.map(([text]) => text));
  const said = await migrate();
  for (const [index, [text, ids, problems]] of TEXTS.entries()) {
    expect(await membersOf(index + 1), `members of ${String(text).slice(0, 40)}`).toEqual(ids);
    expect(await problemsOf(index + 1), `problems of ${String(text).slice(0, 40)}`).toEqual(problems);
  }
  expect(await db.knex('events').orderBy('id').pluck('detection_ids')).toEqual(TEXTS.map(([text]) => text));
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('32 events: 27 rows; 18 with problems');
  for (const code of ['malformed_json 3', 'not_an_id 14', 'out_of_range 5', 'unknown_detection 2', 'other_camera 1']) {
    expect(said[0]).toContain(code);
  }
});

test('a report holds the beginning of the text and says where it comes from', async () => {
  await oldEvents([`x${'😀'.repeat(300)}`]);
  await migrate();
  const rows = await db.knex('logs');
  expect(rows).toMatchObject([{ level: 'warning', component: 'migration', camera_id: 'gate', event_id: 1, source: 'backend' }]);
  expect(rows[0].extra.text).toBe(`x${'😀'.repeat(199)}`);
});

test('a membership bears the time of its event, and the event counts its detections', async () => {
  await oldEvents(['[1,2]']);
  await migrate();
  expect(await db.knex('event_detections').first()).toMatchObject({ created_at: AT, detected_at: AT });
  expect(await db.knex('events').first()).toMatchObject({ detection_count: 2, version: 1 });
});

test('does nothing where memberships are already', async () => {
  await oldEvents(['[1]', '[2]']);
  await db.knex('event_detections').insert({ event_id: 1, detection_id: 3, detected_at: AT });
  expect(await migrate()).toEqual([]);
  expect(await membersOf(1)).toEqual([3]);
  expect(await membersOf(2)).toEqual([]);
  expect(await db.knex('logs')).toEqual([]);
});

test('says nothing on a store without events, and can be run twice', async () => {
  expect(await migrate()).toEqual([]);
  await oldEvents(['[1]', 'bad']);
  await migrate();
  expect(await migrate()).toEqual([]);
  expect(await db.knex('logs')).toHaveLength(1);
});

test('more events than one slice', async () => {
  await db.knex.raw(
    `INSERT INTO events (batch_id, camera_id, started_at, detection_ids)
     SELECT 'b' || n, 'gate', ?, CASE WHEN n % 100 = 0 THEN 'bad' ELSE '[1,2]' END FROM generate_series(1, 12000) AS n`,
    [AT],
  );
  await migrate();
  expect(await db.knex('event_detections').count()).toEqual([{ count: 23_760 }]);
  expect(await db.knex('logs').count()).toEqual([{ count: 120 }]);
});
