import { afterEach, beforeEach, expect, test } from 'vitest';

import { moveCameraRows } from '../../../src/db/models/merge-cameras.ts';
import { removeSceneChecks } from '../../../src/db/models/scene-checks.ts';
import { prune, type PruneOptions } from '../../../src/services/retention/prune.ts';
import { acknowledgeChanges } from '../../../src/services/scenes/acknowledge-changes.ts';
import { judgeScenes } from '../../../src/services/scenes/judge-scenes.ts';
import { currentReferences } from '../../../src/services/scenes/stored-watch.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { plannedOf, pruneOptions, removedOf } from '../retention/seed-ages.ts';
import { atMinute, readScenes, storeLooks, type Look, type View } from './draw-looks.ts';

let own: TestDatabase;

beforeEach(async () => {
  own = await createTestDatabase();
});

afterEach(() => own.drop());

function looks(view: View, from: number, count: number, more: Partial<Look> = {}): Look[] {
  return Array.from({ length: count }, (_, i) => ({ camera: 'gate', minute: from + i, view, width: 48, ...more }));
}

/** 60 days. */
const LATER = 86_400;
/** Just short of 250 looks, so that their last checkpoint is kept; a change is open at their end. */
const OLD: Look[] = [...looks('own', 0, 20), ...looks('covered', 20, 6), ...looks('own', 26, 204), ...looks('dark', 230, 10)];
const NEW: Look[] = [...looks('dark', LATER, 3), ...looks('own', LATER + 3, 12), ...looks('covered', LATER + 15, 5)];

const options = (more: Partial<PruneOptions> = {}): PruneOptions => pruneOptions({ kinds: ['footage'], ...more });

const prunedLooks = async (more: Partial<PruneOptions> = {}): Promise<number> =>
  removedOf(await prune(own.knex, options(more)))['scene_checks'] ?? 0;

const changesOf = async (): Promise<unknown[]> => (await readScenes(own.knex)).changes;

async function storeInTurn(...parts: Look[][]): Promise<void> {
  for (const part of parts) {
    await storeLooks(own.knex, part);
    await judgeScenes(own.knex);
  }
}

test('without anything about views nothing goes, and the young stays', async () => {
  expect(await prunedLooks()).toBe(0);
  await storeLooks(own.knex, looks('own', 0, 5));
  await judgeScenes(own.knex);
  expect(await prunedLooks()).toBe(0);
  expect(await own.knex('audit_logs')).toEqual([]);
});

test('looks that are over age go, and what is found afterwards is what would have been found with them (§10.13)', async () => {
  await storeLooks(own.knex, [...OLD, ...NEW]);
  await judgeScenes(own.knex);
  const changes = await changesOf();
  const references = await currentReferences(own.knex, 'gate');
  expect(changes).toHaveLength(3);
  await own.drop();

  own = await createTestDatabase();
  await storeInTurn(OLD, NEW.slice(0, 10));
  expect((await plannedOf(own.knex))['scene_checks']).toMatchObject({ rows: 250, over_age: 239, goes: 239 });
  expect(await own.knex('scene_checks')).toHaveLength(250);
  await expect(prunedLooks({ force: false })).rejects.toMatchObject({ exitCode: 2, code: 'prune_too_much' });
  expect(await prunedLooks()).toBe(239);
  expect(await own.knex('scene_checks').where('checked_at', '<', atMinute(239))).toEqual([]);
  expect(await own.knex('audit_logs')).toMatchObject([
    { action: 'data_cleared', resource_type: 'retention', actor: 'tester', details: { removed: { scene_checks: 239 } } },
  ]);

  await storeLooks(own.knex, NEW.slice(10));
  await judgeScenes(own.knex);
  expect(await changesOf()).toEqual(changes);
  expect(await currentReferences(own.knex, 'gate')).toEqual(references);
  expect(await prunedLooks()).toBe(0);
  expect(await own.knex('scene_change_pictures')).toHaveLength(3);
});

test('what was found stays when footage comes late, is forgotten, or the camera is merged', async () => {
  await storeInTurn(OLD, NEW);
  await prunedLooks();
  const changes = await changesOf();

  await storeLooks(own.knex, [...looks('covered', 100.5, 5), ...looks('turned', -50, 5)]);
  await judgeScenes(own.knex);
  expect(await changesOf()).toEqual(changes);
  expect(await own.knex('scene_checks').where('checked_at', '<', atMinute(239))).toEqual([]);

  await own.knex('cameras').insert({ id: 'gate_2', name: 'gate_2', folder_path: '/footage/gate_2' });
  await own.knex.transaction((trx) => moveCameraRows(trx, { from: 'gate', into: 'gate_2' }));
  await judgeScenes(own.knex);
  const moved = (await changesOf()) as object[];
  expect(moved).toEqual(changes.map((change) => ({ ...(change as object), camera_id: 'gate_2' })));

  const ids = await own.knex('media_files').pluck<number[]>('id');
  await own.knex.transaction((trx) => removeSceneChecks(trx, ids));
  expect(await changesOf()).toEqual(moved.slice(0, 2));
});

test('a reference that a user set long ago holds on', async () => {
  await storeLooks(own.knex, [...looks('own', 0, 20), ...looks('turned', 20, 20)]);
  await judgeScenes(own.knex);
  const [change] = await own.knex('scene_changes').select<{ id: number }[]>('id');
  await acknowledgeChanges(own.knex, { ids: [change!.id], keepReference: false, actor: 'tester', dryRun: false });
  await storeInTurn(looks('turned', 40, 200), looks('turned', LATER, 12));
  expect(await prunedLooks()).toBe(239);
  expect(await own.knex('scene_references').where('valid_from', '<', atMinute(239))).toEqual([]);
  await storeLooks(own.knex, looks('turned', LATER + 12, 8));
  await judgeScenes(own.knex);
  expect(await own.knex('scene_changes')).toMatchObject([{ acknowledged: true }]);
});
