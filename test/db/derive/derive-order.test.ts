import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { differences } from '../../faults/differences.ts';
import { findViolations } from '../../faults/find-violations.ts';
import { dumpStore, readNormalisedRows, type NormalisedRows } from '../../faults/stored-rows.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seededRandom, shuffle } from '../../unit/domain/make-detections.ts';
import { seedCamera, seedRun } from '../answers/seed.ts';
import { randomFootage } from './random-footage.ts';
import { CAMERA, clearFootage, derive, storeFiles, type SyntheticFile } from './synthetic-footage.ts';

const LIMIT_MS = 120_000;
const WORLDS = Array.from({ length: Number(process.env['HS_TEST_WORLDS'] ?? 6) }, (_, index) => index + 1);

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, CAMERA);
});

afterEach(() => clearFootage(db.knex));

afterAll(() => db.drop());

async function rowsOf(batches: readonly (readonly SyntheticFile[])[]): Promise<NormalisedRows> {
  await clearFootage(db.knex);
  for (const batch of batches) {
    await storeFiles(db.knex, batch);
    await derive(db.knex);
  }
  return readNormalisedRows(db.knex, '');
}

function inBatches(files: readonly SyntheticFile[], random: () => number): SyntheticFile[][] {
  const batches: SyntheticFile[][] = [];
  for (let at = 0; at < files.length;) {
    const size = 1 + Math.floor(random() * random() * 25);
    batches.push(files.slice(at, at + size));
    at += size;
  }
  return batches;
}

async function leftOvers(): Promise<string[]> {
  const found = await findViolations(db.knex);
  return found.filter((line) => !line.startsWith('run is open'));
}

test.each(WORLDS)(
  'tracks, events and standing objects do not depend on the order in which files come (§6.3, world %i)',
  async (seed) => {
    const random = seededRandom(seed);
    const files = randomFootage(random);
    const atOnce = await rowsOf([files]);
    expect(atOnce.events.length, 'events').toBeGreaterThan(0);
    expect(atOnce.tracks.length, 'tracks').toBeGreaterThan(0);
    const inOrder = await rowsOf(inBatches(files, random));
    expect(differences(atOnce, inOrder)).toEqual([]);
    const anyOrder = await rowsOf(inBatches(shuffle(files, random), random));
    expect(differences(atOnce, anyOrder)).toEqual([]);
    expect(await leftOvers()).toEqual([]);
  },
  LIMIT_MS,
);

test.each(WORLDS)(
  'files that are analysed again with other results leave nothing of the old ones (world %i)',
  async (seed) => {
    const random = seededRandom(100 + seed);
    const files = randomFootage(random);
    const others = new Map(randomFootage(random).map((file) => [file.name, file]));
    const changed = shuffle(files, random)
      .slice(0, 20)
      .map((file) => ({ ...file, detections: otherDetections(file, others.get(file.name)) }));
    const finalFiles = files.map((file) => changed.find((one) => one.name === file.name) ?? file);
    const fresh = await rowsOf([finalFiles]);
    const redone = await rowsOf([files, ...inBatches(changed, random)]);
    expect(differences(fresh, redone)).toEqual([]);
    expect(await leftOvers()).toEqual([]);
  },
  LIMIT_MS,
);

/** What another file showed, as far as it fits the frames of this one. */
function otherDetections(file: SyntheticFile, other: SyntheticFile | undefined): SyntheticFile['detections'] {
  return (other?.detections ?? []).filter(({ offsetMs }) => file.frameOffsetsMs.includes(offsetMs));
}

test(
  'deriving everything again changes no row',
  async () => {
    await rowsOf([randomFootage(seededRandom(7))]);
    const before = await dumpStore(db.knex);
    await db.knex('media_files').update({ derive_from: db.knex.ref('captured_at'), derive_until: db.knex.ref('ended_at') });
    expect(await derive(db.knex)).toEqual({ created: 0, changed: 0, absorbed: 0, deleted: 0, orphaned: [], clips: [] });
    expect(await dumpStore(db.knex)).toEqual(before);
  },
  LIMIT_MS,
);
