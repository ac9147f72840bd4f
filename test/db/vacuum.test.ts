import { afterAll, beforeAll, expect, test } from 'vitest';

import { lockRun, openLockSession } from '../../src/db/locks.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { vacuumDatabase } from '../../src/services/database/vacuum-database.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { seedCamera, seedDetection, seedFile, seedRun } from './answers/seed.ts';

let db: TestDatabase;
const AT = '2026-01-14T08:00:00Z';

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate');
  await seedDetection(db.knex, { fileId: await seedFile(db.knex, { camera: 'gate', at: AT }), camera: 'gate', at: AT });
});

afterAll(() => db.drop());

test('vacuum says of every table what was done and how large it was and is', async () => {
  await db.knex.raw(`INSERT INTO logs (level, component, message) SELECT 'info', 'x', repeat('x', 200) FROM generate_series(1, 20000)`);
  await db.knex('logs').delete();
  const options = { full: false, confirmed: false, signal: new AbortController().signal };
  const records = await vacuumDatabase(db.database, options);
  const names = records.map(({ table }) => table);
  expect(names).toEqual(expect.arrayContaining(['cameras', 'detections_y2026m01', 'logs']));
  expect(names).not.toContain('detections');
  const logs = records.find(({ table }) => table === 'logs');
  expect(logs).toMatchObject({ done: 'vacuumed, analysed' });
  expect(Number(logs?.bytes_before) - Number(logs?.bytes_after)).toBe(logs?.freed_bytes);
  expect(logs?.freed_bytes).toBeGreaterThan(1_000_000);
  const { rows } = await db.knex.raw<{ rows: { reltuples: number }[] }>(`SELECT reltuples FROM pg_class WHERE relname = 'detections'`);
  expect(rows).toEqual([{ reltuples: 1 }]);
});

test('a full vacuum needs confirmation and no run at work', async () => {
  const options = { full: true, confirmed: true, signal: new AbortController().signal };
  await expect(vacuumDatabase(db.database, { ...options, confirmed: false })).rejects.toMatchObject({ exitCode: 2, code: 'not_confirmed' });
  const session = await openLockSession(db.database);
  await lockRun(session, uuidV7());
  await expect(vacuumDatabase(db.database, options)).rejects.toMatchObject({ exitCode: 11 });
  await session.close();
  expect((await vacuumDatabase(db.database, options)).find(({ table }) => table === 'cameras')).toMatchObject({
    done: 'rewritten, analysed',
  });
});

test('vacuum stops between two tables', async () => {
  const signal = AbortSignal.abort(new Error('stop'));
  await expect(vacuumDatabase(db.database, { full: false, confirmed: false, signal })).rejects.toThrow('stop');
});
