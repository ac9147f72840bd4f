import { afterEach, beforeEach, expect, test } from 'vitest';

import { moveCameraRows } from '../../../src/db/models/merge-cameras.ts';
import { findSceneCheckpoint } from '../../../src/db/models/scene-checkpoints.ts';
import { insertRun } from '../../../src/db/models/runs.ts';
import { removeSceneChecks } from '../../../src/db/models/scene-checks.ts';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { judgeMeanwhile, judgeScenes } from '../../../src/services/scenes/judge-scenes.ts';
import { currentReferences } from '../../../src/services/scenes/stored-watch.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seededRandom, shuffle } from '../../unit/domain/make-detections.ts';
import { atMinute, pathOf, readScenes, storeLooks, type Look, type View } from './draw-looks.ts';

let own: TestDatabase;

beforeEach(async () => {
  own = await createTestDatabase();
});

afterEach(() => own.drop());

function looks(view: View, from: number, count: number, more: Partial<Look> = {}): Look[] {
  return Array.from({ length: count }, (_, i) => ({ camera: 'gate', minute: from + i, view, ...more }));
}

/** A day of trouble: covered, dark at night, turned for good. */
const STORY: Look[] = [
  ...looks('own', 0, 8),
  ...looks('covered', 8, 5),
  ...looks('own', 13, 6),
  ...looks('own', 19, 5, { mode: 'ir' }),
  ...looks('dark', 24, 4, { mode: 'ir' }),
  ...looks('own', 28, 5, { mode: 'ir' }),
  ...looks('own', 33, 4),
  ...looks('turned', 37, 6),
  ...looks('own', 0, 12, { camera: 'yard' }),
];

async function stories(): Promise<string[]> {
  const rows = await own
    .knex('scene_changes')
    .orderBy(['camera_id', 'detected_at'])
    .select<{ camera_id: string; detected_at: Date; change_type: string; reason: string | null; mode: string; ended_at: Date | null }[]>(
      '*',
    );
  const minuteOf = (at: Date): number => (at.getTime() - atMinute(0).getTime()) / 60_000;
  return rows.map((row) =>
    [
      row.camera_id,
      `${minuteOf(row.detected_at)}–${row.ended_at ? minuteOf(row.ended_at) : ''}`,
      row.change_type,
      row.reason ?? '-',
      row.mode,
    ].join(' '),
  );
}

test('what a camera went through is found, with its begin and end (§10.3)', async () => {
  await storeLooks(own.knex, STORY);
  await judgeScenes(own.knex);
  expect(await stories()).toEqual([
    'gate 8–13 view_blocked uniform day',
    'gate 24–28 view_blocked black ir',
    'gate 37– angle_changed - day',
  ]);
  const references = await currentReferences(own.knex, 'gate');
  expect(references.map(({ mode, takenAtMs }) => [mode, new Date(takenAtMs)])).toEqual([
    ['day', atMinute(0)],
    ['ir', atMinute(19)],
  ]);
  expect(references[0]?.adaptions).toBeGreaterThan(5);
});

test.each([1, 2, 3, 4, 5, 6])('any order of arrival and any number of runs end in the same findings (seed %i)', async (seed) => {
  await storeLooks(own.knex, STORY);
  await judgeScenes(own.knex);
  const inOneRun = { ...(await readScenes(own.knex)), references: await currentReferences(own.knex, 'gate') };
  await own.drop();
  own = await createTestDatabase();
  const random = seededRandom(seed);
  const rest = shuffle(STORY, random);
  while (rest.length > 0) {
    await storeLooks(own.knex, rest.splice(0, 1 + Math.floor(random() * 15)));
    await judgeScenes(own.knex);
  }
  expect({ ...(await readScenes(own.knex)), references: await currentReferences(own.knex, 'gate') }).toEqual(inOneRun);
});

test('while footage is looked at, what comes before all that is under way is judged; the findings end as if all were judged at the end', async () => {
  await storeLooks(own.knex, STORY);
  await judgeScenes(own.knex);
  const atTheEnd = { ...(await readScenes(own.knex)), references: await currentReferences(own.knex, 'gate') };
  await own.drop();
  own = await createTestDatabase();
  const runId = uuidV7();
  await insertRun(own.knex, { id: runId, command: 'ingest', args_json: {}, hs_version: '0', config_fingerprint: '' });
  await storeLooks(own.knex, STORY);
  const from = (minute: number) => own.knex('media_files').where('camera_id', 'gate').where('captured_at', '>=', atMinute(minute));
  await from(30).update({ run_id: runId });
  await from(20).where('captured_at', '<', atMinute(25)).update({ status: 'processing', run_id: runId });
  const isOver = new AbortController();
  const judging = judgeMeanwhile(own.knex, { runId, signal: isOver.signal });
  const unjudged = (): Promise<object[]> =>
    own.knex('scene_checks').where({ judged: false }).groupBy('camera_id').select('camera_id').min({ from: 'checked_at' });
  await expect.poll(unjudged, { timeout: 20_000 }).toEqual([{ camera_id: 'gate', from: atMinute(20) }]);
  await from(20).where('captured_at', '<', atMinute(25)).update({ status: 'pending', run_id: null });
  await expect.poll(unjudged, { timeout: 20_000 }).toEqual([{ camera_id: 'gate', from: atMinute(30) }]);
  isOver.abort();
  await judging;
  await judgeScenes(own.knex);
  expect({ ...(await readScenes(own.knex)), references: await currentReferences(own.knex, 'gate') }).toEqual(atTheEnd);
});

test.each([7, 8, 9])('looks that are removed leave what there would be without them (seed %i)', async (seed) => {
  const random = seededRandom(seed);
  const gone = shuffle(STORY, random).slice(0, 15);
  await storeLooks(
    own.knex,
    STORY.filter((look) => !gone.includes(look)),
  );
  await judgeScenes(own.knex);
  const without = await readScenes(own.knex);
  await own.drop();
  own = await createTestDatabase();
  await storeLooks(own.knex, STORY);
  await judgeScenes(own.knex);
  for (let part = shuffle(gone, random); part.length > 0; part = part.slice(4)) {
    const ids = await own.knex('media_files').whereIn('path', part.slice(0, 4).map(pathOf)).pluck<number[]>('id');
    await own.knex.transaction((trx) => removeSceneChecks(trx, ids));
    await judgeScenes(own.knex);
  }
  expect(await readScenes(own.knex)).toEqual(without);
});

test('with its last look goes everything that was found on a camera', async () => {
  await storeLooks(own.knex, STORY);
  await judgeScenes(own.knex);
  const ids = await own.knex('media_files').pluck<number[]>('id');
  await own.knex.transaction((trx) => removeSceneChecks(trx, ids));
  for (const table of ['scene_changes', 'scene_checks', 'scene_checkpoints', 'scene_change_pictures']) {
    expect(await own.knex(table), table).toEqual([]);
  }
});

test('one look a minute counts, the first, whichever comes first', async () => {
  const twice = looks('covered', 3.5, 4);
  await storeLooks(own.knex, twice);
  await judgeScenes(own.knex);
  await storeLooks(own.knex, looks('own', 0, 10));
  await judgeScenes(own.knex);
  expect(await stories()).toEqual([]);
});

test('a picture of another shape is a new beginning, said once and no finding; a larger one of the same shape is compared', async () => {
  const notes: string[] = [];
  await storeLooks(own.knex, [...looks('own', 0, 4), ...looks('own', 4, 4, { width: 192 }), ...looks('own', 8, 4, { width: 48 })]);
  await judgeScenes(own.knex, { note: (message) => notes.push(message) });
  expect(await stories()).toEqual([]);
  expect(notes).toEqual([`camera gate: pictures have another shape from ${atMinute(8).toISOString()} on; its view is learnt anew`]);
});

test('old pictures are given up, and footage that comes too late for them is still looked at', async () => {
  const { knex } = own;
  await storeLooks(knex, looks('own', 100, 40));
  await judgeScenes(knex, { keptPictures: 10 });
  await storeLooks(knex, looks('own', 140, 40));
  await judgeScenes(knex, { keptPictures: 10 });
  expect(await knex('scene_checks').whereNotNull('picture')).toHaveLength(41);
  const before = await currentReferences(knex, 'gate');
  await storeLooks(knex, [...looks('own', 0, 5), ...looks('covered', 5, 5), ...looks('own', 10, 5)]);
  await judgeScenes(knex, { keptPictures: 10 });
  expect(await stories()).toEqual(['gate 5–10 view_blocked uniform day']);
  expect(await currentReferences(knex, 'gate')).toEqual(before);
  expect(await knex('scene_checks').where({ judged: false })).toEqual([]);
  await judgeScenes(knex, { keptPictures: 10 });
  expect(await stories()).toHaveLength(1);
});

test('two cameras that are merged keep their looks, and findings are made of all of them', async () => {
  const { knex } = own;
  await storeLooks(knex, STORY);
  await judgeScenes(knex);
  const alone = await readScenes(knex);
  await knex('scene_checks').where({ camera_id: 'yard' }).delete();
  await knex('media_files').where({ camera_id: 'yard' }).delete();
  const half = STORY.filter(({ camera, minute }) => camera === 'gate' && minute % 2 === 1);
  await knex('media_files').whereIn('path', half.map(pathOf)).delete();
  await storeLooks(
    knex,
    half.map((look) => ({ ...look, camera: 'gate_2' })),
  );
  await judgeScenes(knex);
  await knex.transaction((trx) => moveCameraRows(trx, { from: 'gate_2', into: 'gate' }));
  await judgeScenes(knex);
  const comparable = (rows: unknown[]): unknown[] =>
    (rows as { camera_id: string; file_path: string }[])
      .filter((row) => row.camera_id === 'gate')
      .map((row) => ({ ...row, file_path: null }));
  expect(comparable((await readScenes(knex)).changes)).toEqual(comparable(alone.changes));
});

test('nothing to judge, nothing written', async () => {
  await judgeScenes(own.knex);
  expect(await findSceneCheckpoint(own.knex, { cameraId: 'gate' })).toBeUndefined();
});
