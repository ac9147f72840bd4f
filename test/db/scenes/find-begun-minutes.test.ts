import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { findBegunMinutes } from '../../../src/db/models/scene-checks.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedFile, seedRun } from '../answers/seed.ts';

const MINUTE_MS = 60_000;

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
  await seedRun(own.knex);
  await seedCamera(own.knex, 'gate');
  await seedCamera(own.knex, 'yard');
});

afterAll(() => own.drop());

beforeEach(() => own.knex('media_files').delete());

const file = (camera: string, at: string, more: object = {}): Promise<number> => seedFile(own.knex, { camera, at, more });

async function begun(ids: number[], slotMs = MINUTE_MS): Promise<number[]> {
  return [...(await findBegunMinutes(own.knex, { ids, slotMs }))].sort((a, b) => a - b);
}

test('nothing asked, or one file alone, begins its own minute', async () => {
  expect(await begun([])).toEqual([]);
  expect(await begun([await file('gate', '2026-03-29T08:00:10Z')])).toEqual([]);
});

test('a file is told whose minute an earlier file of its camera begins', async () => {
  const before = await file('gate', '2026-03-29T07:59:59.999Z');
  const first = await file('gate', '2026-03-29T08:00:00Z');
  const second = await file('gate', '2026-03-29T08:00:59.999Z');
  const next = await file('gate', '2026-03-29T08:01:00Z');
  const elsewhere = await file('yard', '2026-03-29T08:00:30Z');
  expect(await begun([before, first, second, next, elsewhere])).toEqual([second]);
  expect(await begun([second])).toEqual([second]);
  expect(await begun([before, first, second, next], 5 * MINUTE_MS)).toEqual([second, next]);
});

test('slots are cut from 1970 on, before it as well', async () => {
  const first = await file('gate', '1969-12-31T23:59:00Z');
  const second = await file('gate', '1969-12-31T23:59:30Z');
  expect(await begun([first, second])).toEqual([second]);
});

test('of two files of the same moment one begins the minute, and a file that is not read begins none', async () => {
  const same = { captured_at: new Date('2026-03-29T08:00:10Z') };
  const high = await file('gate', 'b', {
    ...same,
    modified_at: same.captured_at,
    ended_at: same.captured_at,
    content_sha256: 'f'.repeat(64),
  });
  const low = await file('gate', 'a', {
    ...same,
    modified_at: same.captured_at,
    ended_at: same.captured_at,
    content_sha256: '0'.repeat(64),
  });
  expect(await begun([low, high])).toEqual([high]);
  await own.knex('media_files').where({ id: low }).update({ status: 'failed', failure_code: 'not_media' });
  expect(await begun([low, high])).toEqual([]);
});
