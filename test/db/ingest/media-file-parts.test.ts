import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import {
  addFilePart,
  deleteFileParts,
  findFileParts,
  findFileToDo,
  hasFilePart,
  saveFilePart,
  type FilePartKey,
} from '../../../src/db/models/media-file-parts.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedFile, seedRun } from '../answers/seed.ts';

const SHA = 'a'.repeat(64);
const FOUND = Buffer.from('found');
const WAITING = { status: 'pending', processed_at: null, content_sha256: SHA };

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate');
});

afterEach(() => db.knex('media_files').delete());

afterAll(() => db.drop());

async function file(more: object = {}): Promise<number> {
  return seedFile(db.knex, { camera: 'gate', at: '2026-01-14T08:00:00Z', more: { ...WAITING, ...more } });
}

function keyOf(fileId: number, minute = 0, more: Partial<FilePartKey> = {}): FilePartKey {
  return { fileId, contentSha256: SHA, fromMs: minute * 60_000, untilMs: (minute + 5) * 60_000, lookedWith: 'b'.repeat(64), ...more };
}

function add(key: FilePartKey, found: Buffer | null | undefined = FOUND): Promise<number> {
  return db.knex.transaction((trx) => addFilePart(trx, key, found));
}

describe('a part of a file', () => {
  test('is kept once, whoever brings it again, and in order', async () => {
    const id = await file();
    expect(await findFileParts(db.knex, keyOf(id))).toEqual([]);
    expect(await add(keyOf(id, 5))).toBe(1);
    expect(await add(keyOf(id, 5), Buffer.from('again'))).toBe(1);
    expect(await add(keyOf(id, 5), undefined)).toBe(1);
    expect(await add(keyOf(id, 0))).toBe(2);
    expect(await findFileParts(db.knex, keyOf(id))).toEqual([
      { from_ms: 0, until_ms: 300_000, analysis: FOUND },
      { from_ms: 300_000, until_ms: 600_000, analysis: FOUND },
    ]);
  });

  test('that was given up counts as there, is not handed out, and gives way to one that was looked at', async () => {
    const id = await file();
    expect(await add(keyOf(id), null)).toBe(1);
    expect([await hasFilePart(db.knex, keyOf(id)), await findFileParts(db.knex, keyOf(id))]).toEqual([false, []]);
    await saveFilePart(db.knex, keyOf(id), FOUND);
    await saveFilePart(db.knex, keyOf(id), null);
    expect(await hasFilePart(db.knex, keyOf(id))).toBe(true);
  });

  test('that was looked at otherwise counts, and is not handed out', async () => {
    const id = await file();
    await add(keyOf(id, 0));
    expect(await add(keyOf(id, 5, { lookedWith: 'c'.repeat(64) }))).toBe(2);
    expect(await findFileParts(db.knex, keyOf(id))).toHaveLength(1);
  });

  test.each<[string, object, boolean]>([
    ['waits', {}, true],
    ['is worked on', { status: 'processing' }, true],
    ['is to be tried again', { status: 'failed', failure_code: 'timeout', next_retry_at: new Date() }, true],
    ['has failed', { status: 'failed', failure_code: 'timeout' }, false],
    ['is done', { status: 'done', processed_at: new Date() }, false],
    ['has other content by now', { content_sha256: 'd'.repeat(64) }, false],
  ])('of a file that %s', async (_, more, isKept) => {
    const id = await file(more);
    expect((await findFileToDo(db.knex, keyOf(id)))?.id).toBe(isKept ? id : undefined);
    expect(await add(keyOf(id))).toBe(isKept ? 1 : 0);
  });

  test('goes with its file, and when the file is saved', async () => {
    const [one, other] = [await file(), await file({ content_sha256: 'e'.repeat(64) })];
    await add(keyOf(one));
    await add(keyOf(other, 0, { contentSha256: 'e'.repeat(64) }));
    await db.knex.transaction((trx) => deleteFileParts(trx, [one]));
    expect(await db.knex('media_file_parts').pluck('media_file_id')).toEqual([other]);
    await db.knex('media_files').where({ id: other }).delete();
    expect(await db.knex('media_file_parts')).toEqual([]);
    expect(await add(keyOf(one, 5, { fileId: 999 }))).toBe(0);
  });

  test.each<[string, Partial<FilePartKey>]>([
    ['ck_media_file_parts_span', { untilMs: 0 }],
    ['ck_media_file_parts_span', { fromMs: -1 }],
    ['ck_media_file_parts_sha256', { lookedWith: 'B'.repeat(64) }],
  ])('is refused by %s', async (constraint, more) => {
    await expect(saveFilePart(db.knex, keyOf(await file(), 0, more), FOUND)).rejects.toMatchObject({ constraint });
  });
});

test('of two that bring the last two parts at once exactly one sees all of them', async () => {
  const id = await file();
  const counts = await Promise.all([0, 5].map((minute) => add(keyOf(id, minute))));
  expect(counts.sort()).toEqual([1, 2]);
});
