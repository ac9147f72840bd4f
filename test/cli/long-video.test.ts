import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { differences } from '../faults/differences.ts';
import { drawClip } from '../faults/draw-footage.ts';
import { findViolations } from '../faults/find-violations.ts';
import { readNormalisedRows } from '../faults/stored-rows.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { makeFootage, testFfmpeg } from '../helpers/footage.ts';
import { runHs, startHs } from '../helpers/run-hs.ts';

let folder: string;
let footage: string;
let direct: TestDatabase;
let queued: TestDatabase;

const OLD = new Date('2026-01-20T00:00:00Z');
const INGEST = ['ingest', '--detector', 'motion', '--settle', '0', '--quiet'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-long-'));
  footage = join(folder, 'footage');
  const long = await drawLong('long.mp4', 780);
  // Unbroken: somebody walks on from a short clip into the long video, and out of it into the next clip.
  await place('gate/20260114_075956.mp4', await readFile(await drawClip({ name: 'before.mp4', figures: [WALKER], seconds: 4 })));
  await place('gate/20260114_080000.mp4', await readFile(long));
  await place('gate/20260114_081300.mp4', await readFile(await drawClip({ name: 'after.mp4', figures: [WALKER], seconds: 4, fromS: 784 })));
  const torn = await readFile(await drawLong('torn.mp4', 620));
  await place('torn/20260114_090000.mp4', torn.subarray(0, Math.floor(torn.length * 0.75)));
  // As recorders do it: a transport stream by the name of another container. It cannot be cut into parts.
  await place('stream/20260114_100000.mp4', await readFile(await drawLong('stream.ts', 500)));
  [direct, queued] = [await createTestDatabase(), await createTestDatabase()];
}, 120_000);

afterAll(async () => {
  await direct.drop();
  await queued.drop();
  await rm(folder, { recursive: true, force: true });
});

const WALKER = { x: '10+mod(6*T,130)', y: '40', width: 16, height: 40 };

/** Somebody walks about, also over the borders of parts (300 s, 600 s), and is away now and then; a keyframe every 12 s. */
function drawLong(name: string, seconds: number): Promise<string> {
  const time = `rate=4:duration=${String(seconds)}`;
  return makeFootage(name, [
    ...['-f', 'lavfi', '-i', `color=0x505050:size=160x120:${time}`, '-f', 'lavfi', '-i', `color=white:size=16x40:${time}`],
    ...['-filter_complex', `[0][1]overlay=x='10+mod(6*t,130)':y=40:enable='gt(mod(t+40,100),30)'[s]`, '-map', '[s]'],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-bf',
      '2',
      '-g',
      '48',
      '-threads',
      '1',
      '-pix_fmt',
      'yuv420p',
      '-movflags',
      'faststart',
    ],
  ]);
}

async function place(path: string, bytes: Uint8Array): Promise<void> {
  const target = join(footage, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, bytes);
  await utimes(target, OLD, OLD);
}

function envOf(database: TestDatabase): Record<string, string> {
  return { HS_DATABASE_URL: database.url, HS_HOME: join(folder, 'home') };
}

async function hs(database: TestDatabase, ...args: string[]) {
  return runHs(args, { env: envOf(database), timeoutMs: 120_000 });
}

type PartJob = { id: string; status: string; attempt_number: number; payload: { part?: { index: number; of: number } } };

async function partJobs(): Promise<Required<PartJob>[]> {
  return queued.knex('jobs').whereRaw(`payload -> 'part' IS NOT NULL`).orderBy('created_at');
}

/** A decoder that thinks for a while: time to die in the middle of a part. */
async function makeSlowFfmpeg(): Promise<string> {
  const { ffmpeg } = await testFfmpeg();
  const path = join(folder, 'ffmpeg');
  await writeFile(path, `#!/bin/sh\ncase "$*" in *rawvideo*) sleep 60 ;; esac\nexec '${ffmpeg}' "$@"\n`);
  await chmod(path, 0o755);
  return path;
}

test('a long video is looked at in parts by two workers, of which one is killed, and gives the rows of a direct ingest', async () => {
  expect((await hs(direct, ...INGEST, footage)).code).toBe(3);
  expect((await hs(queued, ...INGEST, '--queue', footage)).code).toBe(0);
  expect((await hs(queued, 'worker', '--queues', 'scan', '--once', '--quiet')).code).toBe(0);
  expect((await partJobs()).map(({ payload }) => payload.part?.of).sort()).toEqual([2, 2, 2, 2, 3, 3, 3]);
  const slow = { ...envOf(queued), HS_FFMPEG: await makeSlowFfmpeg() };
  const victim = startHs(['worker', '--quiet', '--queues', 'detect', '--concurrency', '2'], { env: slow });
  victim.stdout.resume();
  victim.stderr.resume();
  const ended = once(victim, 'exit');
  const running = async (): Promise<string[]> => (await partJobs()).filter(({ status }) => status === 'running').map(({ id }) => id);
  while ((await running()).length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
  const lost = await running();
  victim.kill('SIGKILL');
  await ended;
  const ends = await Promise.all([1, 2].map(() => hs(queued, 'worker', '--quiet', '--once', '--concurrency', '1')));
  expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  for (const { id, status, attempt_number } of await partJobs())
    expect([status, attempt_number]).toEqual(['completed', lost.includes(id) ? 2 : 1]);
  const [wanted, got] = await Promise.all([direct, queued].map(({ knex }) => readNormalisedRows(knex, footage)));
  expect(differences(wanted!, got!)).toEqual([]);
  expect(wanted!.detections.length).toBeGreaterThan(500);
  expect(await findViolations(queued.knex)).toEqual([]);
  const checks = ({ knex }: TestDatabase) =>
    knex('scene_checks').orderBy(['camera_id', 'checked_at']).select('camera_id', 'checked_at', 'mode', 'picture');
  expect(await checks(queued)).toEqual(await checks(direct));
  for (const { knex } of [direct, queued]) expect(await knex('media_file_parts')).toEqual([]);
}, 240_000);
