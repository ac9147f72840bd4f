import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareSubject } from '../../bench/detections/prepare-subject.ts';
import { explainQuery, recordQueries } from '../../bench/detections/query-plans.ts';
import { makeItems, makeLedger, saveItems } from '../../bench/detections/saved-footage.ts';
import { SHIPPED_QUERIES, type Subject } from '../../bench/detections/shipped-queries.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

/** 24,000 detections in five months; `bench/detections` asks the same of a million. */
const FOOTAGE = { cameras: 4, months: 5, files: 600, perFile: 40 };

let db: TestDatabase;
let client: pg.Client;
let subject: Subject;

beforeAll(async () => {
  db = await createTestDatabase();
  client = await db.database.connect();
  await makeLedger(db.knex, FOOTAGE);
  const ids = await db.knex('media_files').orderBy('id').pluck<number[]>('id');
  await saveItems(db.knex, makeItems(ids, 0, FOOTAGE));
  subject = await prepareSubject(db.knex);
});

afterAll(async () => {
  await client.end();
  await db.drop();
});

test('the detections lie in months of their own', async () => {
  expect(await db.knex('detections').count()).toEqual([{ count: 24_000 }]);
  const { rows } = await db.knex.raw<{ rows: { month: string }[] }>('SELECT DISTINCT tableoid::regclass::text AS month FROM detections');
  expect(rows).toHaveLength(5);
});

describe.each(SHIPPED_QUERIES.filter(({ reads }) => reads !== 'everything'))('$name', ({ reads, run }) => {
  test(`reads ${reads === 'one month' ? 'one month, and that not from end to end' : 'no month from end to end'} (schema §5)`, async () => {
    const queries = await recordQueries(db.knex, () => run(db.knex, subject));
    expect(queries.length).toBeGreaterThan(0);
    for (const query of queries) {
      const { partitions, scanned } = await explainQuery(client, query);
      expect(scanned, query.sql).toEqual([]);
      if (reads === 'one month') expect(partitions.length, query.sql).toBeLessThanOrEqual(1);
    }
  });
});

test('a query without the time span reads every month, and a query on nothing indexed from end to end: the check can fail', async () => {
  const plan = (sql: string) => explainQuery(client, { sql, bindings: [] });
  expect((await plan('SELECT * FROM detections WHERE id = 1')).partitions).toHaveLength(5);
  expect((await plan('SELECT * FROM detections WHERE frame_index = 3')).scanned).toHaveLength(5);
  const month = `detected_at >= '2025-02-01+00' AND detected_at < '2025-03-01+00'`;
  expect(await plan(`SELECT * FROM detections WHERE ${month} AND frame_index = 3`)).toMatchObject({
    partitions: ['detections_y2025m02'],
    scanned: ['detections_y2025m02'],
  });
});
