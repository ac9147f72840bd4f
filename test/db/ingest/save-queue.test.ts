import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSaveQueue, type FinishedItem } from '../../../src/services/ingest/process/save-queue.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { RUN_ID, seedCamera, seedFile, seedRun } from '../answers/seed.ts';

const START_MS = Date.parse('2026-01-14T08:15:00Z');

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate');
});

afterAll(() => db.drop());

function finished(id: number): FinishedItem {
  const file = { id, path: '/f', root: '/', mediaType: 'image' as const, startMs: START_MS, endMs: START_MS, movingCamera: false };
  const numbers = { framesExpected: 1, framesLookedAt: 1, inferences: 0, readableFraction: 1, readableMs: 0 };
  return {
    file,
    camera: 'gate',
    attempts: 1,
    analysis: { status: 'done', detections: [], analysedOffsetsMs: [0], warnings: [], picture: { width: 4, height: 3 }, ...numbers },
  };
}

test('the queue says when it is behind, and everything pushed is stored once it has settled', async () => {
  const ids: number[] = [];
  for (let index = 0; index < 300; index += 1) {
    const at = new Date(START_MS + index * 1000).toISOString();
    ids.push(await seedFile(db.knex, { camera: 'gate', at, more: { status: 'processing', processed_at: null } }));
  }
  const saved: number[] = [];
  const queue = createSaveQueue({
    knex: db.knex,
    runId: RUN_ID,
    modelId: 'm',
    modelFingerprint: 'f'.repeat(64),
    onSaved: (items) => saved.push(...items.map(({ file }) => file.id)),
    onFailed: (error) => {
      throw error;
    },
  });
  expect(queue.isBehind).toBe(false);
  for (const id of ids) queue.push(finished(id));
  expect(queue.isBehind).toBe(true);
  await queue.settle();
  expect(queue.isBehind).toBe(false);
  expect(saved).toEqual(ids);
  expect(await db.knex('media_files').where({ status: 'done' })).toHaveLength(300);
});

test('after a failed write nothing more is written; that is told at once, and settling says what went wrong', async () => {
  const id = await seedFile(db.knex, { camera: 'gate', at: new Date(0).toISOString(), more: { status: 'processing', processed_at: null } });
  const failures: unknown[] = [];
  const told = { onSaved: () => undefined, onFailed: (error: unknown) => failures.push(error) };
  const queue = createSaveQueue({ knex: db.knex, runId: 'no-uuid', modelId: 'm', modelFingerprint: 'f', ...told });
  queue.push(finished(id));
  await expect.poll(() => failures.length, { timeout: 10_000 }).toBe(1);
  await expect(queue.settle()).rejects.toThrow(/uuid/);
  expect(await db.knex('media_files').where({ id }).pluck('status')).toEqual(['processing']);
});

test('a write that is given up for a deadlock is done again', async () => {
  const id = await seedFile(db.knex, {
    camera: 'gate',
    at: new Date(60_000).toISOString(),
    more: { status: 'processing', processed_at: null },
  });
  await db.knex.raw(`
    CREATE SEQUENCE deadlocks;
    CREATE FUNCTION deadlock_twice() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('deadlocks') < 3 THEN RAISE EXCEPTION 'deadlock' USING ERRCODE = 'deadlock_detected'; END IF;
        RETURN NEW;
      END $$;
    CREATE TRIGGER deadlock_twice BEFORE UPDATE ON media_files FOR EACH ROW EXECUTE FUNCTION deadlock_twice()`);
  const told = { onSaved: () => undefined, onFailed: () => undefined };
  const queue = createSaveQueue({ knex: db.knex, runId: RUN_ID, modelId: 'm', modelFingerprint: 'f'.repeat(64), ...told });
  queue.push(finished(id));
  await queue.settle();
  expect(await db.knex('media_files').where({ id }).pluck('status')).toEqual(['done']);
  await db.knex.raw('DROP TRIGGER deadlock_twice ON media_files; DROP FUNCTION deadlock_twice; DROP SEQUENCE deadlocks');
});
