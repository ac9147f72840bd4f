import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { prune, type PruneOptions } from '../../../src/services/retention/prune.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from '../answers/seed.ts';
import { KEEP, plannedOf, pruneOptions, removedOf } from './seed-ages.ts';

let db: TestDatabase;
let root: string;
let problems: string[];

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
});

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'hs-originals-')));
  problems = [];
  await seedCamera(db.knex, 'gate');
  await store('young.mp4', '2026-06-10T00:00:00Z');
});

afterEach(async () => {
  await rm(root, { recursive: true });
  await db.knex('cameras').delete();
  await db.knex('audit_logs').delete();
});

afterAll(() => db.drop());

/** A file on the disk and in the ledger. */
async function store(name: string, at: string, more: object = {}): Promise<number> {
  const path = join(root, 'gate', name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, name);
  const content_sha256 = createHash('sha256').update(name).digest('hex');
  return seedFile(db.knex, { camera: 'gate', at, more: { path, content_sha256, size_bytes: name.length, ...more } });
}

const mark = (): Promise<void> => writeFile(join(root, '.hs-root'), '');

const options = (more: Partial<PruneOptions> = {}): PruneOptions =>
  pruneOptions({ kinds: ['logs'], originals: 'empty', onProblem: (line) => problems.push(line), ...more });

const left = async (): Promise<string[]> => (await readdir(join(root, 'gate'))).sort();

const JANUARY = '2026-01-10T00:00:00Z';

test('without anything over age nothing goes', async () => {
  await mark();
  const outcome = await prune(db.knex, options({ force: false }));
  expect([removedOf(outcome), outcome.failedOriginals, await left()]).toEqual([{}, 0, ['young.mp4']]);
});

test('an original in object storage stays, also where this folder has a marker', async () => {
  await mark();
  await seedFile(db.knex, { camera: 'gate', at: JANUARY, more: { path: 's3://footage/gate/old.mp4', size_bytes: 7 } });
  const before = process.cwd();
  process.chdir(root);
  const outcome = await prune(db.knex, options()).finally(() => {
    process.chdir(before);
  });
  expect([removedOf(outcome), outcome.failedOriginals]).toEqual([{}, 1]);
  expect(problems).toEqual(['originals in object storage stay: hs removes nothing there']);
});

test('a file over age that never showed anything goes, and the ledger remembers it', async () => {
  await mark();
  const id = await store('empty.mp4', JANUARY);
  const seen = await store('seen.mp4', '2026-01-11T00:00:00Z');
  await seedDetection(db.knex, { fileId: seen, camera: 'gate', at: '2026-01-11T00:00:00Z' });
  await store('pruned.mp4', '2026-01-12T00:00:00Z', { pruned_at: new Date() });
  await store('partial.mp4', '2026-01-13T00:00:00Z', { status: 'partial', failure_code: 'truncated' });
  expect((await plannedOf(db.knex, options()))['originals']).toMatchObject({
    ...{ kind: 'originals', keep: '30d', rows: 5, over_age: 4, kept: 3, goes: 1, bytes: 9 },
    kept_why: { not_empty: 3 },
  });
  expect(removedOf(await prune(db.knex, options({ force: false })))).toEqual({ originals: 1 });
  expect(await left()).toEqual(['partial.mp4', 'pruned.mp4', 'seen.mp4', 'young.mp4']);
  expect(await db.knex('media_files').where({ id }).first('status', 'original_removed_at')).toEqual({
    status: 'done',
    original_removed_at: expect.any(Date) as Date,
  });
  const audits = await db.knex('audit_logs').orderBy('id');
  expect(audits).toMatchObject([
    { action: 'data_cleared', resource_type: 'media_file', resource_id: String(id), actor: 'tester', details: { bytes: 9 } },
    { action: 'data_cleared', resource_type: 'retention', details: { removed: { originals: 1 }, original_bytes: 9 } },
  ]);
  expect(removedOf(await prune(db.knex, options()))).toEqual({});
});

test('all: what no event uses that stays, nor its clip; footage goes in the same run', async () => {
  await mark();
  for (const [name, at] of Object.entries({ free: '2026-01-10', kept: '2026-01-11' })) {
    const fileId = await store(`${name}.mp4`, `${at}T00:00:00Z`);
    const one = await seedDetection(db.knex, { fileId, camera: 'gate', at: `${at}T00:00:00Z`, offsetMs: 9000 });
    await seedEvent(db.knex, { camera: 'gate', members: [one], more: { flagged: name === 'kept' } });
  }
  await store('after.mp4', '2026-01-11T00:00:13Z');
  await store('far.mp4', '2026-01-11T00:00:15Z');
  const wanted = options({ kinds: ['footage'], originals: 'all' });
  expect((await plannedOf(db.knex, wanted))['originals']).toMatchObject({ goes: 2, kept_why: { in_use: 2 } });
  expect(removedOf(await prune(db.knex, wanted))).toMatchObject({ events: 1, detections: 1, originals: 2 });
  expect(await left()).toEqual(['after.mp4', 'kept.mp4', 'young.mp4']);
});

test('below no marked folder nothing goes: the disk may not be mounted', async () => {
  await store('empty.mp4', JANUARY);
  await store('empty2.mp4', '2026-01-11T00:00:00Z');
  expect((await plannedOf(db.knex, options()))['originals']).toMatchObject({ goes: 0, kept_why: { no_marked_root: 2 } });
  const outcome = await prune(db.knex, options({ force: false }));
  expect([removedOf(outcome), outcome.failedOriginals, problems]).toEqual([{}, 2, [expect.stringContaining('.hs-root')]]);
  await mkdir(join(root, '.hs-root'));
  expect(await prune(db.knex, options())).toMatchObject({ failedOriginals: 2 });
  expect(await left()).toHaveLength(3);
});

test('a file that is not what it was, or not there, or behind a link, stays', async () => {
  await mark();
  const outside = await realpath(await mkdtemp(join(tmpdir(), 'hs-outside-')));
  await store('changed.mp4', JANUARY);
  await store('gone.mp4', '2026-01-11T00:00:00Z');
  await store('moved/in.mp4', '2026-01-12T00:00:00Z');
  await store('link.mp4', '2026-01-13T00:00:00Z');
  await store('inside/in2.mp4', '2026-01-14T00:00:00Z');
  await writeFile(join(root, 'gate/changed.mp4'), 'other bytes');
  await rm(join(root, 'gate/gone.mp4'));
  await rename(join(root, 'gate/moved'), join(outside, 'moved'));
  await symlink(join(outside, 'moved'), join(root, 'gate/moved'));
  await rename(join(root, 'gate/link.mp4'), join(root, 'gate/aim.mp4'));
  await symlink('aim.mp4', join(root, 'gate/link.mp4'));
  await rename(join(root, 'gate/inside'), join(root, 'elsewhere'));
  await symlink('../elsewhere', join(root, 'gate/inside'));
  const outcome = await prune(db.knex, options());
  expect([removedOf(outcome), outcome.failedOriginals]).toEqual([{}, 5]);
  expect(problems.join('\n')).toMatch(
    /changed.mp4" .*content changed\n.*gone.mp4".*\n.*moved.*outside.*\n.*link.mp4" is a symbolic link\n.*in2/,
  );
  expect([await readdir(join(outside, 'moved')), await readdir(join(root, 'elsewhere'))]).toEqual([['in.mp4'], ['in2.mp4']]);
  expect(await db.knex('media_files').whereNotNull('original_removed_at')).toEqual([]);
  await rm(outside, { recursive: true });
});

test('more than half of the originals goes only by force, and never means never', async () => {
  await mark();
  await store('one.mp4', JANUARY);
  await store('two.mp4', '2026-01-11T00:00:00Z');
  await expect(prune(db.knex, options({ force: false }))).rejects.toMatchObject({ message: expect.stringContaining('2 of 3 originals') });
  expect(removedOf(await prune(db.knex, options({ settings: { ...KEEP, footage: 'never' } })))).toEqual({});
  expect(await left()).toHaveLength(3);
});
