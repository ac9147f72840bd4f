import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../src/domain/coverage/local-hours.ts';
import { findBaselineCameras } from '../../../src/services/baselines/baseline-camera.ts';
import { prune } from '../../../src/services/retention/prune.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedEvent, seedRun } from '../answers/seed.ts';
import { pruneOptions, removedOf } from '../retention/seed-ages.ts';
import { findDifferences, NO_DIFFERENCES, rebuild, seedFootage, seedTracks } from './seed-activity.ts';

const START_MS = Date.UTC(2026, 0, 1);
const DAYS = 80;

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate', { recording: 'continuous', timezone: 'UTC' });
});

afterAll(() => db.drop());

const hours = () => db.knex('activity_hours').orderBy('started_at').select('started_at', 'counts');

test('what baselines know stays when the tracks it came from are pruned, and a rebuild does not undo it (§10.13)', async () => {
  const days = Array.from({ length: DAYS }, (_, day) => START_MS + day * DAY_MS);
  await seedFootage(
    db.knex,
    'gate',
    days.map((startMs) => ({ startMs, lengthMs: 2 * HOUR_MS })),
  );
  await seedTracks(
    db.knex,
    'gate',
    days.map((startMs) => ({ firstMs: startMs + 60_000, label: 'person', confirmed: true })),
  );
  for (const at of ['2026-01-05T00:01:00Z', '2026-03-10T00:01:00Z'])
    await seedEvent(db.knex, { camera: 'gate', members: [], at, more: { flagged: true } });
  const [camera] = await findBaselineCameras(db.knex, { timezone: 'UTC', cameras: {} });
  await rebuild(db.knex, camera!);
  const [before, slots] = [await hours(), await db.knex('activity_baselines').orderBy(['day_of_week', 'hour'])];
  const anomalies = await db.knex('events').orderBy('id').pluck('anomaly');

  const removed = removedOf(await prune(db.knex, pruneOptions({ kinds: ['footage', 'activity_hours'] })));
  const gone = removed['activity_hours'] ?? 0;
  expect(removed['tracks']).toBeGreaterThan(45);
  expect(gone).toBeGreaterThan(30);
  expect(await hours()).toEqual(before.slice(gone));
  const [pruned] = await findBaselineCameras(db.knex, { timezone: 'UTC', cameras: {} });
  expect(await findDifferences(db.knex, pruned!)).toEqual(NO_DIFFERENCES);
  expect(await db.knex('activity_baselines').orderBy(['day_of_week', 'hour'])).toEqual(slots);
  expect(await db.knex('events').orderBy('id').pluck('anomaly')).toEqual(anomalies);
  expect(await findDifferences(db.knex, { ...pruned!, prunedUntilMs: undefined })).not.toEqual(NO_DIFFERENCES);
});
