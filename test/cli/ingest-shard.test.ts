import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { differences } from '../faults/differences.ts';
import { drawClip, drawStill } from '../faults/draw-footage.ts';
import { findViolations } from '../faults/find-violations.ts';
import { createIngestSandbox, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { place } from '../faults/mixed-footage.ts';
import { readNormalisedRows, type NormalisedRows } from '../faults/stored-rows.ts';
import { isInShard } from '../../src/domain/shard.ts';

const LIMIT_MS = 120_000;
const PARTS = [1, 2, 3];
const CLIP_S = 4;
const WALKER = { x: '10+4*T', y: '40', width: 16, height: 40 };

let sandbox: IngestSandbox;
let undisturbed: NormalisedRows;

/** Unbroken clips over midnight, an hour that clocks show twice, the same bytes under several cameras, and files that are none. */
async function makeFootage(folder: string): Promise<void> {
  const put = (path: string, source: string | Buffer): Promise<void> => place(join(folder, path), source);
  const clips = await Promise.all(
    [0, 1, 2, 3].map((i) => drawClip({ name: 'clip.mp4', figures: [WALKER], seconds: CLIP_S, fromS: i * CLIP_S })),
  );
  const starts = ['20260114_235952', '20260114_235956', '20260115_000000', '20260115_000004'];
  for (const [i, start] of starts.entries()) await put(`gate/${start}.mp4`, clips[i] ?? '');
  await put('gate/copies/20260114_235952.mp4', clips[0] ?? '');
  await put('porch/20260114_235952.mp4', clips[0] ?? '');
  await put('alley/20260115_000004.mp4', clips[3] ?? '');
  for (let i = 0; i < 6; i += 1) {
    const still = await drawStill([{ left: 8 + 14 * i, top: 50, width: 14, height: 36 }]);
    await put(`yard/20251026_02${String(10 * i).padStart(2, '0')}00.jpg`, still);
    if (i === 2) for (const other of ['back', 'drive', 'zoo']) await put(`${other}/20251026_120000.jpg`, still);
  }
  await put('odd/20260114_110000.mp4', Buffer.alloc(0));
  await put('odd/20260114_110100.mp4', Buffer.from(`<html>${'no footage here '.repeat(40)}</html>`));
}

const ENV = { HS_TIMEZONE: 'Europe/Berlin' };

beforeAll(async () => {
  sandbox = await createIngestSandbox();
  await makeFootage(sandbox.footage);
  const { code } = await sandbox.ingest([sandbox.footage], { workers: 1, env: ENV });
  expect(code).toBe(3);
  undisturbed = await readNormalisedRows(sandbox.db.knex, sandbox.footage);
}, LIMIT_MS);

afterAll(() => sandbox.dispose());

async function duplicatesOf({ db }: IngestSandbox): Promise<unknown[]> {
  return db.knex('media_files').whereLike('failure_code', 'duplicate%').orderBy('path').select('path', 'failure_message');
}

function part(other: IngestSandbox, index: number) {
  return other.ingest([sandbox.footage, '--shard', `${String(index)}/3`], { workers: 1, env: ENV });
}

async function expectTheSame(other: IngestSandbox): Promise<void> {
  expect(differences(undisturbed, await readNormalisedRows(other.db.knex, sandbox.footage))).toEqual([]);
  expect(await duplicatesOf(other)).toEqual(await duplicatesOf(sandbox));
  expect(await findViolations(other.db.knex)).toEqual([]);
}

test('the footage holds what the comparison is about', async () => {
  const cameras = ['alley', 'back', 'drive', 'gate', 'odd', 'porch', 'yard', 'zoo'];
  const shardOf = (camera: string): number | undefined => PARTS.find((index) => isInShard(`camera:${camera}`, { index, count: 3 }));
  expect(new Set(cameras.map(shardOf)), 'every part has some').toEqual(new Set(PARTS));
  const duplicates = (await duplicatesOf(sandbox)) as { path: string; failure_message: string }[];
  const pairs = duplicates.map(({ path, failure_message: text }) => [basename(dirname(path)), / of camera (\w+)$/.exec(text)?.[1] ?? '']);
  expect(pairs).toEqual([['drive', 'back'], ['gate', 'alley'], ['porch', 'gate'], ['yard', 'back'], ['zoo', 'back']]); // prettier-ignore
  expect(
    pairs.some(([one = '', other = '']) => shardOf(one) !== shardOf(other)),
    'the same bytes in two parts',
  ).toBe(true);
  const spans = (undisturbed.events as { camera_id: string; members: string[] }[]).filter((event) => event.camera_id === 'gate');
  expect(
    spans.some(({ members }) => new Set(members.map((name) => name.split('/')[0])).size > 1),
    'an event over several files',
  ).toBe(true);
});

test('parts that run at once store the rows of one direct ingest, each file once', { timeout: LIMIT_MS }, async () => {
  const other = await createIngestSandbox();
  try {
    const runs = await Promise.all(PARTS.map((index) => part(other, index)));
    expect(runs.filter(({ code }) => code !== 0 && code !== 3)).toEqual([]);
    const sum = (field: string): number => runs.reduce((total, { report }) => total + (report.tally[field] ?? 0), 0);
    const files = runs[0]!.report.tally['found']! + runs[0]!.report.tally['elsewhere']!;
    expect({ found: sum('found'), elsewhere: sum('elsewhere') }).toEqual({ found: files, elsewhere: 2 * files });
    expect(runs.flatMap(({ report }) => report.problems)).toHaveLength(2);
    await expectTheSame(other);
  } finally {
    await other.dispose();
  }
});

test('so do parts that come one after the other, in any order', { timeout: LIMIT_MS }, async () => {
  const other = await createIngestSandbox();
  try {
    for (const index of [2, 1, 3]) await part(other, index);
    await expectTheSame(other);
  } finally {
    await other.dispose();
  }
});

test.each([
  ['0/4', '--quiet', 'is not a part such as 1/4'],
  ['1/4', '--queue', 'cannot also be provided'],
])('does not take %s %s', async (shard, flag, reason) => {
  const { code, stderr } = await sandbox.hs(['ingest', sandbox.footage, '--shard', shard, flag]);
  expect(stderr).toContain(reason);
  expect(code).toBe(2);
});

test('a dry run says what a part would take, and the only part takes all', { timeout: LIMIT_MS }, async () => {
  const dry = (shard: string) => sandbox.ingest([sandbox.footage, '--redo', 'all', '--dry-run', '--shard', shard], { env: ENV });
  const [whole, ...parts] = (await Promise.all(['1/1', '1/2', '2/2'].map(dry))).map(({ report }) => report.tally);
  expect(whole).toMatchObject({ elsewhere: 0, taken: 10 });
  expect(parts.reduce((total, { taken = 0 }) => total + taken, 0)).toBe(10);
});
