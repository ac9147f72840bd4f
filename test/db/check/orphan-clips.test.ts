import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedEvent } from '../answers/seed.ts';
import { lookAt } from './sound-store.ts';

let db: TestDatabase;
let home: string;

beforeAll(async () => {
  db = await createTestDatabase();
  home = await mkdtemp(join(tmpdir(), 'hs-orphans-'));
});

afterAll(async () => {
  await db.drop();
  await rm(home, { recursive: true });
});

const HOUR_AGO = new Date(Date.now() - 3_700_000);

async function place(name: string, { old = true } = {}): Promise<string> {
  const path = join(home, 'clips', name);
  await writeFile(path, 'x');
  if (old) await utimes(path, HOUR_AGO, HOUR_AGO);
  return path;
}

test('without a folder of clips there is nothing to find', async () => {
  expect(await lookAt(db.knex, { ids: ['M9'], home })).toMatchObject([{ count: 0, problem: null }]);
});

test('old clips of no event and left folders are found, and removed only with a fix; all else stays', async () => {
  await mkdir(join(home, 'clips/.clip-abc123'), { recursive: true });
  await utimes(join(home, 'clips/.clip-abc123'), HOUR_AGO, HOUR_AGO);
  await seedCamera(db.knex, 'gate');
  const id = await seedEvent(db.knex, { camera: 'gate', members: [], at: '2026-01-14T08:00:00Z' });
  const own = `event-${String(id)}-0123456789ab.mp4`;
  await db.knex('events').update({ clip_path: join('/elsewhere/clips', own) });
  for (const name of [own, `event-${String(id)}-ba9876543210.mp4`, 'event-99-0123456789ab.mp4', 'holiday.mp4', 'event-99-0.mp4'])
    await place(name);
  await place('event-98-0123456789ab.mp4', { old: false });
  const [found] = await lookAt(db.knex, { ids: ['M9'], home });
  expect(found?.places.map(({ where }) => where.split('/').at(-1)).sort()).toEqual([
    '.clip-abc123',
    'event-1-ba9876543210.mp4',
    'event-99-0123456789ab.mp4',
  ]);
  expect(await readdir(join(home, 'clips'))).toHaveLength(7);
  expect(await lookAt(db.knex, { ids: ['M9'], home, fix: true })).toMatchObject([{ count: 3, fixed: 3, remaining: 0 }]);
  expect((await readdir(join(home, 'clips'))).sort()).toEqual([own, 'event-98-0123456789ab.mp4', 'event-99-0.mp4', 'holiday.mp4'].sort());
});
