import type { Knex } from 'knex';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { forgetFileRows } from '../../../src/db/models/forget-files.ts';
import { mergeCameras } from '../../../src/services/cameras/merge-cameras.ts';
import { deriveCamera } from '../../../src/services/derive/derive-camera.ts';
import { updateStale } from '../../../src/services/baselines/update-stale.ts';
import { deriveChanged } from '../../../src/services/ingest/derive-changed.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seededRandom, shuffle } from '../../unit/domain/make-detections.ts';
import { seedCamera, seedRun } from '../answers/seed.ts';
import { CAMERA, START_MS, storeFiles, type SyntheticFile } from '../derive/synthetic-footage.ts';
import { findDifferences, NO_DIFFERENCES, rebuild } from './seed-activity.ts';

const LIMIT_MS = 240_000;
const DAY_S = 86_400;
const ZONE = 'Europe/Berlin';
const SETTINGS = { timezone: ZONE, cameras: {}, detector: { gates: {} } };
const GATE = { id: CAMERA, zone: ZONE, recording: null };
const WORLDS = Array.from({ length: Number(process.env['HS_TEST_WORLDS'] ?? 4) }, (_, index) => index + 1);

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, CAMERA);
});

afterEach(async () => {
  await clear();
  await db.knex('cameras').update({ recording: null, timezone: null });
});

afterAll(() => db.drop());

function clear(): Knex.Raw {
  return db.knex.raw(
    `TRUNCATE media_files, detections, tracks, events, event_detections, activity_hours, activity_baselines, class_baselines,
              baseline_states RESTART IDENTITY CASCADE`,
  );
}

function derive(): ReturnType<typeof deriveChanged> {
  return deriveChanged(db.knex, SETTINGS, { detections: 0 });
}

/** One of the same moment of many days: somebody, or nobody, walks by. */
function visit(second: number, { length = 600, label = 'person', isSeen = true } = {}): SyntheticFile {
  const offsets = [0, 500, 1000];
  return {
    name: `visit ${String(second)}`,
    startMs: START_MS + second * 1000,
    durationMs: length * 1000,
    isStill: false,
    frameOffsetsMs: offsets,
    detections: isSeen
      ? offsets.map((offsetMs) => ({ offsetMs, label, score: 0.9, x: 100 + offsetMs / 20, y: 100, width: 40, height: 100 }))
      : [],
  };
}

async function differences(): Promise<object> {
  return findDifferences(db.knex, GATE);
}

/** Everything that baselines are, without when and under which numbers it was written. */
async function stored(): Promise<Record<'hours' | 'activity' | 'classes' | 'events' | 'states', unknown[]>> {
  const hours = await db.knex('activity_hours').orderBy('started_at').select('*');
  const activity = await db
    .knex('activity_baselines')
    .orderBy(['day_of_week', 'hour'])
    .select('day_of_week', 'hour', 'avg_count', 'sample_count', 'last_updated');
  const classes = await db
    .knex('class_baselines')
    .orderBy(['detection_class', 'hour'])
    .select('detection_class', 'hour', 'frequency', 'sample_count', 'last_updated');
  const events = await db.knex('events').orderBy('started_at').select('batch_id', 'anomaly', 'anomaly_basis');
  const states = await db.knex('baseline_states').select('*');
  return { hours, activity, classes, events, states };
}

test('ingest computes hours, baselines and scores without being asked: never seen in 14 days is 0.9495 (§8.4)', async () => {
  await storeFiles(
    db.knex,
    Array.from({ length: 16 }, (_, day) => visit(day * DAY_S, { isSeen: day === 14 })),
  );
  await derive();
  const { hours, activity, classes, events, states } = await stored();
  // triggered: hours between two visits of 24 h count, too
  expect(states).toMatchObject([{ camera_id: CAMERA, time_zone: ZONE, recording: 'triggered', stale: '{}' }]);
  expect(hours).toHaveLength(15 * 24 + 1);
  expect(activity).toHaveLength(168);
  expect(classes).toMatchObject([{ detection_class: 'person', hour: 9, sample_count: 15 }]);
  const numbers = { score: 0.9495, k: 1, a: 0.5, b: 9.1532 };
  expect(events).toMatchObject([{ anomaly: 0.9495, anomaly_basis: { samples: 14, classes: { person: numbers } } }]);
  expect(await differences()).toEqual(NO_DIFFERENCES);
});

test('nine covered hours are not enough to judge an event, ten are (§8.4)', async () => {
  await storeFiles(
    db.knex,
    Array.from({ length: 11 }, (_, day) => visit(day * DAY_S)),
  );
  await derive();
  const { events } = await stored();
  expect(events.map((event) => (event as { anomaly: number | null }).anomaly === null)).toEqual([...Array<boolean>(10).fill(true), false]);
});

test('footage that comes late changes the scores of what happened after it', async () => {
  await storeFiles(
    db.knex,
    Array.from({ length: 6 }, (_, day) => visit((14 + day) * DAY_S)),
  );
  await derive();
  expect((await stored()).events).toMatchObject(Array(6).fill({ anomaly: null }));
  await storeFiles(
    db.knex,
    Array.from({ length: 14 }, (_, day) => visit(day * DAY_S, { isSeen: false })),
  );
  await derive();
  expect(await differences()).toEqual(NO_DIFFERENCES);
  expect(await db.knex('events').whereNull('anomaly')).toEqual([]);
});

test('a camera that turns out to record all the time is computed anew', async () => {
  await storeFiles(db.knex, [visit(0), visit(DAY_S)]);
  await derive();
  expect(await db.knex('baseline_states').first('recording')).toEqual({ recording: 'triggered' });
  await storeFiles(
    db.knex,
    Array.from({ length: 6 }, (_, hour) => visit(2 * DAY_S + hour * 3600, { length: 3600 })),
  );
  await derive();
  expect(await db.knex('baseline_states').first('recording')).toEqual({ recording: 'continuous' });
  expect(await differences()).toEqual(NO_DIFFERENCES);
});

test('a mode or zone that somebody sets holds from the next update on', async () => {
  await storeFiles(db.knex, [visit(0), visit(DAY_S)]);
  await derive();
  await db.knex('cameras').update({ recording: 'continuous', timezone: 'Asia/Tokyo' });
  await updateStale(db.knex, SETTINGS);
  expect(await db.knex('baseline_states').first('recording', 'time_zone')).toEqual({ recording: 'continuous', time_zone: 'Asia/Tokyo' });
  expect(await db.knex('activity_hours').orderBy('started_at').pluck('hour')).toEqual([17, 17]);
});

test('when the last footage is forgotten nothing is left', async () => {
  await storeFiles(db.knex, [visit(0)]);
  await derive();
  const ids = await db.knex('media_files').pluck<number[]>('id');
  await db.knex.transaction((trx) => forgetFileRows(trx, ids));
  await derive();
  expect(await stored()).toMatchObject({ hours: [], activity: [], classes: [], events: [], states: [{ as_of: null, recording: null }] });
});

test('a long file that turns out shorter when it is read again takes its hours with it', async () => {
  const file = visit(0, { length: 4 * DAY_S, isSeen: false });
  await storeFiles(db.knex, [file]);
  await derive();
  expect(await db.knex('activity_hours')).toHaveLength(97);
  await storeFiles(db.knex, [{ ...file, durationMs: 3_600_000 }]);
  await derive();
  expect(await db.knex('activity_hours')).toHaveLength(2);
  expect(await differences()).toEqual(NO_DIFFERENCES);
});

test('merging two folder names of one camera keeps the hours of both', async () => {
  await seedCamera(db.knex, 'gate_old');
  await storeFiles(
    db.knex,
    [0, 2, 4].map((day) => visit(day * DAY_S)),
  );
  await db.knex('media_files').update({ camera_id: 'gate_old' });
  await db.knex('detections').update({ camera_id: 'gate_old' });
  await storeFiles(
    db.knex,
    [1, 3, 5].map((day) => visit(day * DAY_S)),
  );
  await derive();
  expect(await db.knex('baseline_states').pluck('camera_id')).toEqual([CAMERA, 'gate_old']);
  await mergeCameras(db.database, { from: 'gate_old', into: CAMERA, actor: 'test', dryRun: false, confirmed: true, settings: SETTINGS });
  expect(await differences()).toEqual(NO_DIFFERENCES);
  const { classes, states } = await stored();
  expect(states).toMatchObject([{ camera_id: CAMERA, time_zone: ZONE, stale: '{}' }]);
  expect(classes).toMatchObject([{ detection_class: 'person', sample_count: 5 }]);
});

test('a derivation that was cut off before the baselines is made good by the next one', async () => {
  await storeFiles(db.knex, [visit(0), visit(DAY_S)]);
  await deriveCamera({ knex: db.knex, camera: { id: CAMERA, enabled: true, gates: {} } });
  expect(await db.knex('activity_hours')).toEqual([]);
  await derive();
  expect(await db.knex('activity_hours')).toHaveLength(25);
  expect(await differences()).toEqual(NO_DIFFERENCES);
});

type Random = () => number;

/** From 5 March on: the clocks change at 01:00 UTC on the 29th, which is `CHANGE_HOUR` of a day. */
const FIRST_DAY = 50;
const CHANGE_HOUR = 17;

/** Six weeks with visits at a few hours of the day, those around the change of the clocks among them; some days without. */
function randomVisits(random: Random): SyntheticFile[] {
  const files: SyntheticFile[] = [];
  for (let day = FIRST_DAY; day < FIRST_DAY + 42; day += 1) {
    if (random() < 0.15) continue;
    for (const hour of [0, 9, CHANGE_HOUR - 1, CHANGE_HOUR]) {
      if (random() < 0.4) continue;
      const second = day * DAY_S + hour * 3600 + Math.floor(random() * 3000);
      files.push(randomVisit(second, random));
    }
  }
  return files;
}

function randomVisit(second: number, random: Random): SyntheticFile {
  const isSeen = random() < 0.6;
  return visit(second, { length: 60 + Math.floor(random() * 4000), label: random() < 0.7 ? 'person' : 'car', isSeen });
}

/** Again with other results: other length, other class, or nothing. */
function again(file: SyntheticFile, random: Random): SyntheticFile {
  return randomVisit((file.startMs - START_MS) / 1000, random);
}

async function forget(names: readonly string[]): Promise<void> {
  const ids = await db
    .knex('media_files')
    .whereIn(
      'path',
      names.map((name) => `/footage/${CAMERA}/${name}`),
    )
    .pluck<number[]>('id');
  await db.knex.transaction((trx) => forgetFileRows(trx, ids));
}

test.each(WORLDS)(
  'after late arrivals, deletions and files read again what was kept up to date equals a rebuild to the last bit (world %i)',
  async (seed) => {
    const random = seededRandom(seed);
    const waiting = shuffle(randomVisits(random), random);
    const present = new Map<string, SyntheticFile>();
    for (let step = 0; step < 12; step += 1) {
      const arriving = waiting.splice(0, 1 + Math.floor(random() * 15));
      const redone = shuffle([...present.values()], random)
        .slice(0, Math.floor(random() * 3))
        .map((file) => again(file, random));
      for (const file of [...arriving, ...redone]) present.set(file.name, file);
      await storeFiles(db.knex, [...arriving, ...redone]);
      const gone = random() < 0.5 ? shuffle([...present.keys()], random).slice(0, 2) : [];
      for (const name of gone) present.delete(name);
      await forget(gone);
      await derive();
      expect(await differences(), `step ${String(step)}`).toEqual(NO_DIFFERENCES);
    }
    const kept = await stored();
    expect(kept.activity.length).toBeGreaterThan(20);
    await clear();
    await storeFiles(db.knex, [...present.values()]);
    await derive();
    await rebuild(db.knex, GATE);
    expect(await stored()).toEqual(kept);
  },
  LIMIT_MS,
);
