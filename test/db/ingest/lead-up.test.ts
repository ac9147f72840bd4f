import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { claimFiles, findChainFilesAmong, findFilesBefore, releaseFiles, type MediaFileRow } from '../../../src/db/models/media-files.ts';
import { findOthersBetween, planTasks, withLeadUp, type PlanOptions } from '../../../src/services/ingest/process/plan-tasks.ts';
import type { AnalysisSettings } from '../../../src/services/ingest/worker/analysis-task.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { RUN_ID, seedCamera, seedFile, seedRun } from '../answers/seed.ts';

const CAMERA = 'gate';
const MOTION: AnalysisSettings = {
  device: 'cpu',
  scoreFloor: 0.25,
  maxBoxes: 300,
  classes: [],
  enrichments: [],
  gates: {},
  plan: { mode: 'motion', fps: 2 },
};
const MODEL = { ...MOTION, model: {} as NonNullable<AnalysisSettings['model']> };
const WAITING = { status: 'pending', processed_at: null };

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, CAMERA);
});

afterEach(() => db.knex('media_files').delete());

afterAll(() => db.drop());

/** A clip of ten seconds that begins at a second of 08:15; `more` overrides columns. */
function clip(second: number, more: object = {}): Promise<number> {
  return seedFile(db.knex, { camera: CAMERA, at: new Date(Date.UTC(2026, 0, 14, 8, 15, second)).toISOString(), more });
}

function still(second: number, more: object = {}): Promise<number> {
  const at = new Date(Date.UTC(2026, 0, 14, 8, 15, second));
  return clip(second, { media_type: 'image', ended_at: at, duration_ms: null, ...more });
}

function sha(letter: string): { content_sha256: string; path: string } {
  return { content_sha256: letter.repeat(64), path: `/footage/${letter}` };
}

function planOf(settings: AnalysisSettings): PlanOptions {
  return { settings, movingCameras: new Set(), rootOf: () => '/footage', taskSize: 100 };
}

async function rowsOf(ids: readonly number[]): Promise<MediaFileRow[]> {
  return db.knex<MediaFileRow>('media_files').whereIn('id', [...ids]);
}

async function tasksOf(ids: readonly number[], settings: AnalysisSettings): Promise<number[][]> {
  const rows = await rowsOf(ids);
  const plan = planOf(settings);
  const others = await findOthersBetween(db.knex, rows, plan);
  return planTasks(rows, { ...plan, others }).map((files) => files.map((file) => file.id));
}

async function leadUpOf(id: number, settings: AnalysisSettings): Promise<number[]> {
  const [files = []] = planTasks(await rowsOf([id]), planOf(settings));
  const { before } = await withLeadUp(files, { ...planOf(settings), knex: db.knex });
  return before.map((file) => file.id);
}

describe('files are claimed in the order of footage', () => {
  test('time first, then content: not in the order in which they were found', async () => {
    const last = await clip(20, WAITING);
    const tieB = await clip(0, { ...WAITING, ...sha('b') });
    const tieA = await clip(0, { ...WAITING, ...sha('a') });
    const options = { runId: RUN_ID, mediaTypes: ['image', 'video'] as const, includeAmbiguous: true, limit: 9 };
    expect((await claimFiles(db.knex, options)).map((row) => row.id)).toEqual([tieA, tieB, last]);
    expect(await claimFiles(db.knex, options)).toEqual([]);
    await releaseFiles(db.knex, RUN_ID);
    expect(await db.knex('media_files').pluck('attempts')).toEqual([0, 0, 0]);
    expect((await claimFiles(db.knex, { ...options, limit: 1 })).map((row) => row.id)).toEqual([tieA]);
  });
});

describe('the footage before a file (§3.3)', () => {
  test('everything that has or may have footage counts, nothing else does', async () => {
    const done = await clip(0);
    const partial = await clip(1, { status: 'partial', failure_code: 'truncated' });
    const waiting = await clip(2, WAITING);
    const triedAgain = await clip(3, { status: 'failed', failure_code: 'unreadable', next_retry_at: new Date() });
    const lostItsWorker = await clip(4, { status: 'failed', failure_code: 'inference_failed' });
    await clip(5, { status: 'failed', failure_code: 'decode_failed' });
    await clip(6, { status: 'skipped', failure_code: 'superseded' });
    const file = await clip(7, WAITING);
    await clip(8);
    const rows = await findFilesBefore(db.knex, { fileId: file, mediaTypes: ['image', 'video'], limit: 9 });
    expect(rows.map((row) => row.id)).toEqual([lostItsWorker, triedAgain, waiting, partial, done]);
  });

  test('of two files that begin at the same moment the content decides which is before the other', async () => {
    const second = await clip(0, { ...WAITING, ...sha('b') });
    const first = await clip(0, { ...WAITING, ...sha('a') });
    expect(await leadUpOf(second, MOTION)).toEqual([first]);
    expect(await leadUpOf(first, MOTION)).toEqual([]);
  });

  test('a chain is followed back to its first break, oldest first', async () => {
    await clip(0);
    const [a, b] = [await clip(25), await clip(35)];
    const file = await clip(45, WAITING);
    expect(await leadUpOf(file, MOTION)).toEqual([a, b]);
  });

  test('a file whose end nobody knows yet is left to the worker to judge', async () => {
    const unknown = await clip(0, { ...WAITING, duration_ms: null, ended_at: new Date(Date.UTC(2026, 0, 14, 8, 15)) });
    expect(await leadUpOf(await clip(30, WAITING), MOTION)).toEqual([unknown]);
  });

  test('with a model stills have no background and are no predecessors', async () => {
    const before = await clip(0);
    await still(9);
    const file = await clip(10, WAITING);
    expect(await leadUpOf(file, MODEL)).toEqual([before]);
    expect(await leadUpOf(file, { ...MODEL, plan: { mode: 'fps', fps: 2 } })).toEqual([]);
  });
});

describe('tasks', () => {
  test('unbroken footage stays together, a pause parts it', async () => {
    const ids = [await clip(0, WAITING), await clip(10, WAITING), await clip(40, WAITING)];
    expect(await tasksOf(ids, MOTION)).toEqual([ids.slice(0, 2), ids.slice(2)]);
  });

  test('a file between them that was not claimed parts two files: it comes before the second', async () => {
    const first = await clip(0, WAITING);
    await clip(5);
    const last = await clip(10, WAITING);
    expect(await tasksOf([first, last], MOTION)).toEqual([[first], [last]]);
  });

  test('with a model stills go in handfuls and never together with videos', async () => {
    const ids = [await clip(0, WAITING), await still(1, WAITING), await still(2, WAITING), await clip(3, WAITING), await clip(13, WAITING)];
    expect(await tasksOf(ids, MODEL)).toEqual([ids.slice(0, 1), ids.slice(1, 3), ids.slice(3)]);
  });

  test('a still that is done does not part two videos for a model', async () => {
    const ids = [await clip(0, WAITING), await clip(10, WAITING)];
    await still(5);
    expect(await tasksOf(ids, MODEL)).toEqual([ids]);
    expect(await findChainFilesAmong(db.knex, { ids, mediaTypes: ['video'] })).toEqual([]);
  });
});
