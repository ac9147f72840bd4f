import { once } from 'node:events';
import { chmod, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { differences } from '../faults/differences.ts';
import { drawClip } from '../faults/draw-footage.ts';
import { findViolations } from '../faults/find-violations.ts';
import { readNormalisedRows, type NormalisedRows } from '../faults/stored-rows.ts';
import type { TestDatabase } from '../helpers/database.ts';
import { makeFootage, testFfmpeg } from '../helpers/footage.ts';
import { runHs, startHs } from '../helpers/run-hs.ts';
import { createTwoStores, INGEST, type TwoStores } from '../helpers/two-stores.ts';

let stores: TwoStores;
let folder: string;
let footage: string;
let direct: TestDatabase;
let queued: TestDatabase;
let usual: string;
let slowFirst: string;
let slowLast: string;
/** Fails where the second part of the video at the gate is looked at again. */
let keptOnly: string;
let undisturbed: NormalisedRows;

const OLD = new Date('2026-01-20T00:00:00Z');
/** Of what ffmpeg is asked: ten seconds before the part begins. */
const SECOND_PART = '*"-ss 290.000"*';
const THIRD_PART = '*"-ss 590.000"*';

beforeAll(async () => {
  stores = await createTwoStores();
  ({ folder, footage, direct, queued } = stores);
  const long = await drawLong('long.mp4', 780);
  // Unbroken: somebody walks on from a short clip into the long video, and out of it into the next clip.
  await place('gate/20260114_075956.mp4', await readFile(await drawClip({ name: 'before.mp4', figures: [WALKER], seconds: 4 })));
  await place('gate/20260114_080000.mp4', await readFile(long));
  await place('gate/20260114_081300.mp4', await readFile(await drawClip({ name: 'after.mp4', figures: [WALKER], seconds: 4, fromS: 784 })));
  const torn = await readFile(await drawLong('torn.mp4', 620));
  await place('torn/20260114_090000.mp4', torn.subarray(0, Math.floor(torn.length * 0.75)));
  // As recorders do it: a transport stream by the name of another container. It cannot be cut into parts.
  await place('stream/20260114_100000.mp4', await readFile(await drawLong('stream.ts', 500)));
  // Its second part kills whatever process looks at it.
  await place('poison/20260114_110000.mp4', await readFile(await drawLong('poison.mp4', 540)));
  [usual, slowFirst, slowLast, keptOnly] = await Promise.all([
    makeFfmpeg('usual', ''),
    makeFfmpeg('slow', 'case "$*" in *rawvideo*) sleep 60 ;; esac'),
    makeFfmpeg('slow-last', `case "$*" in ${THIRD_PART}) sleep 60 ;; esac`),
    makeFfmpeg('kept-only', `case "$asked" in ${SECOND_PART}/gate/*) kill -SEGV $PPID; exit 139 ;; esac`),
  ]);
}, 120_000);

afterAll(() => stores.dispose());

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

/** ffmpeg that takes the process which decodes with it along where it is given poison, and does something else before. */
async function makeFfmpeg(name: string, before: string): Promise<string> {
  const { ffmpeg } = await testFfmpeg();
  const path = join(folder, name);
  const script = `#!/bin/sh
asked="$* $(/bin/ls -l /proc/$$/fd 2>/dev/null)"
case "$asked" in ${SECOND_PART}/poison/*) kill -SEGV $PPID; exit 139 ;; esac
${before}
exec '${ffmpeg}' "$@"
`;
  await writeFile(path, script);
  await chmod(path, 0o755);
  return path;
}

function envOf(database: TestDatabase, ffmpeg = usual): Record<string, string> {
  return { ...stores.envOf(database), HS_FFMPEG: ffmpeg };
}

async function hs(database: TestDatabase, ...args: string[]) {
  return runHs(args, { env: envOf(database), timeoutMs: 120_000 });
}

/** Starts it with this ffmpeg and kills it, and it alone, when the time has come. */
async function killWhen(
  database: TestDatabase,
  { args, ffmpeg, isTime }: { args: string[]; ffmpeg: string; isTime: () => Promise<boolean> },
) {
  const victim = startHs(args, { env: envOf(database, ffmpeg) });
  victim.stdout.resume();
  victim.stderr.resume();
  const ended = once(victim, 'exit');
  while (!(await isTime())) await new Promise((resolve) => setTimeout(resolve, 50));
  victim.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}

type PartJob = { id: string; status: string; attempt_number: number; payload: { part: { index: number; of: number } } };

async function partJobs(): Promise<PartJob[]> {
  return queued.knex('jobs').whereRaw(`payload -> 'part' IS NOT NULL`).orderBy('created_at');
}

const partsIn = async ({ knex }: TestDatabase): Promise<string[]> =>
  knex('media_file_parts as p').join('media_files as f', 'f.id', 'p.media_file_id').orderBy(['f.path', 'p.from_ms']).pluck('f.path');

async function looksAt({ knex }: TestDatabase): Promise<unknown[]> {
  return knex('scene_checks').orderBy(['camera_id', 'checked_at']).select('camera_id', 'checked_at', 'mode', 'picture');
}

const isLinux = process.platform === 'linux';

test.skipIf(!isLinux)(
  'a direct ingest of long videos loses a part that kills its process, and nothing else',
  { timeout: 240_000 },
  async () => {
    expect((await hs(direct, ...INGEST, footage)).code).toBe(3);
    undisturbed = await readNormalisedRows(direct.knex, footage);
    expect(undisturbed.detections.length).toBeGreaterThan(500);
    const files = await direct
      .knex('media_files')
      .orderBy('path')
      .select('path', 'status', 'failure_code', 'failure_message', 'frames_decoded');
    expect(files.map(({ path, ...file }) => ({ path: (path as string).split('/').slice(-2).join('/'), ...file }))).toEqual([
      { path: 'gate/20260114_075956.mp4', status: 'done', failure_code: null, failure_message: null, frames_decoded: 7 },
      { path: 'gate/20260114_080000.mp4', status: 'done', failure_code: null, failure_message: null, frames_decoded: 1559 },
      { path: 'gate/20260114_081300.mp4', status: 'done', failure_code: null, failure_message: null, frames_decoded: 7 },
      {
        path: 'poison/20260114_110000.mp4',
        status: 'partial',
        failure_code: 'inference_failed',
        failure_message: expect.stringMatching(/^1 of 2 parts could not be looked at: /),
        frames_decoded: 599,
      },
      { path: 'stream/20260114_100000.mp4', status: 'done', failure_code: null, failure_message: null, frames_decoded: expect.any(Number) },
      {
        path: 'torn/20260114_090000.mp4',
        status: 'partial',
        failure_code: 'truncated',
        failure_message: expect.any(String),
        frames_decoded: expect.any(Number),
      },
    ]);
    expect(await partsIn(direct)).toEqual([]);
  },
);

test.skipIf(!isLinux)(
  'two workers share the parts, one is killed, and the rows are those of a direct ingest',
  { timeout: 240_000 },
  async () => {
    expect((await hs(queued, ...INGEST, '--queue', footage)).code).toBe(0);
    expect((await hs(queued, 'worker', '--queues', 'scan', '--once', '--quiet')).code).toBe(0);
    expect((await partJobs()).map(({ payload }) => payload.part.of).sort()).toEqual([2, 2, 2, 2, 2, 2, 3, 3, 3]);
    const running = async (): Promise<string[]> => (await partJobs()).filter(({ status }) => status === 'running').map(({ id }) => id);
    let lost: string[] = [];
    await killWhen(queued, {
      args: ['worker', '--quiet', '--queues', 'detect', '--concurrency', '2'],
      ffmpeg: slowFirst,
      isTime: async () => (lost = await running()).length === 2,
    });
    const ends = await Promise.all([1, 2].map(() => hs(queued, 'worker', '--quiet', '--once', '--concurrency', '1')));
    // One of them had the part that failed three times.
    expect(ends.map(({ code }) => code).sort()).toContain(3);
    const jobs = await partJobs();
    expect(jobs.filter(({ status }) => status !== 'completed').map(({ status, payload }) => [status, payload.part.index])).toEqual([
      ['failed', 1],
    ]);
    for (const { id, status, attempt_number: attempts } of jobs)
      if (status === 'completed') expect(attempts).toBe(lost.includes(id) ? 2 : 1);
    expect(differences(undisturbed, await readNormalisedRows(queued.knex, footage))).toEqual([]);
    expect(await looksAt(queued)).toEqual(await looksAt(direct));
    expect(await findViolations(queued.knex)).toEqual([]);
    expect(await partsIn(queued)).toEqual([]);
  },
);

test.skipIf(!isLinux)('a direct ingest that was killed goes on after the last part that it kept', { timeout: 240_000 }, async () => {
  const long = join(footage, 'gate/20260114_080000.mp4');
  await killWhen(direct, {
    args: [...INGEST, '--redo', 'all', footage],
    ffmpeg: slowLast,
    isTime: async () => (await partsIn(direct)).filter((path) => path === long).length === 2,
  });
  const { code } = await runHs([...INGEST, footage], { env: envOf(direct, keptOnly), timeoutMs: 120_000 });
  expect(code).toBe(3);
  expect(differences(undisturbed, await readNormalisedRows(direct.knex, footage))).toEqual([]);
  expect(await partsIn(direct)).toEqual([]);
});
