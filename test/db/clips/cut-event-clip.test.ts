import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { cutEventClip, type CutClipOptions } from '../../../src/services/clips/cut-event-clip.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { makeFolder, makeFootage, testFfmpeg } from '../../helpers/footage.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from '../answers/seed.ts';

const CAMERA = 'door';
const SECONDS = 8;
let db: TestDatabase;
let folder: Awaited<ReturnType<typeof makeFolder>>;
let eventId: number;
let paths: string[];

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await makeFolder();
  await seedRun(db.knex);
  await seedCamera(db.knex, CAMERA);
  // Names that a shell, a pattern or a list of files would take for something else.
  paths = [await place('red.mp4', `-it's "%03d"\n.mp4`), await place('green.mp4', 'b.mp4')];
  const first = await store(paths[0]!, '2026-01-14T08:00:00Z');
  await store(paths[1]!, '2026-01-14T08:00:20Z');
  const member = await seedDetection(db.knex, { fileId: first, camera: CAMERA, at: '2026-01-14T08:00:00Z', offsetMs: 6000 });
  eventId = await seedEvent(db.knex, { camera: CAMERA, members: [member], more: { ended_at: new Date('2026-01-14T08:00:22Z') } });
});

afterAll(async () => {
  await folder.dispose();
  await db.drop();
});

/** One colour for four seconds, another one after that, so that frames tell where they are from. */
async function place(name: string, as: string): Promise<string> {
  const color = name === 'red.mp4' ? ['red', 'yellow'] : ['lime', 'blue'];
  const sources = color.flatMap((each) => ['-f', 'lavfi', '-i', `color=${each}:size=96x64:rate=10:duration=${SECONDS / 2}`]);
  const made = await makeFootage(`clip-${name}`, [...sources, '-filter_complex', 'concat=n=2:v=1', '-g', '10', '-pix_fmt', 'yuv420p']);
  await copyFile(made, join(folder.path, as));
  return join(folder.path, as);
}

async function store(path: string, at: string): Promise<number> {
  const found = await stat(path);
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  const ended = new Date(Date.parse(at) + SECONDS * 1000);
  const size = { size_bytes: found.size, modified_at: found.mtime, content_sha256: sha256, width: 96, height: 64, frame_rate: 10 };
  return seedFile(db.knex, { camera: CAMERA, at, more: { path, ...size, duration_ms: SECONDS * 1000, ended_at: ended } });
}

function cut(more: Partial<CutClipOptions> = {}): ReturnType<typeof cutEventClip> {
  return cutEventClip(db.knex, eventId, {
    ...{ tools: testFfmpeg, folder: join(folder.path, 'clips'), beforeMs: 4000, afterMs: 4000, mode: 'auto', verify: false },
    ...{ actor: 'tester', signal: new AbortController().signal },
    ...more,
  });
}

/** Mean colour of the frame at a second of a clip. */
async function colorAt(path: string, second: number): Promise<number[]> {
  const { ffmpeg } = await testFfmpeg();
  const args = ['-v', 'error', '-ss', String(second), '-i', path, '-frames:v', '1', '-vf', 'scale=1:1:flags=area'];
  return [...execFileSync(ffmpeg, [...args, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'])].map((value) => (value > 127 ? 1 : 0));
}

const [RED, YELLOW, LIME, BLUE, BLACK] = [
  [1, 0, 0],
  [1, 1, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0, 0, 0],
];

test('two files become one clip with a second of black between; it is private, remembered and not made twice', async () => {
  const clip = await cut();
  expect(clip).toMatchObject({ mode: 'encode', files: 2, gaps: 1 });
  // Red from 2 to 4 s, yellow to 8 s, black, lime to 4 s, blue to 6 s.
  expect(clip.duration_ms).toBeGreaterThan(12_900);
  expect(clip.duration_ms).toBeLessThan(13_200);
  const seen = [];
  for (const second of [0, 1.8, 2.2, 5.8, 6.5, 7.2, 10.8, 11.3, 12.8]) seen.push(await colorAt(clip.path, second));
  expect(seen).toEqual([RED, RED, YELLOW, YELLOW, BLACK, LIME, LIME, BLUE, BLUE]);
  expect((await stat(clip.path)).mode & 0o777).toBe(0o600);
  expect(await db.knex('events').where({ id: eventId }).pluck('clip_path')).toEqual([clip.path]);
  expect(await db.knex('audit_logs').where({ action: 'media_exported', resource_id: String(eventId) })).toHaveLength(1);
  expect(await cut()).toMatchObject({ mode: 'kept', path: clip.path });
  expect(await readdir(join(folder.path, 'clips'))).toHaveLength(1);
});

test('a part of one file that begins near a keyframe is copied, and a named file is not remembered', async () => {
  const before = await db.knex('events').pluck('clip_path');
  const clip = await cut({ path: join(folder.path, 'named.mp4'), beforeMs: 1500, afterMs: -14_500 });
  expect(clip).toMatchObject({ mode: 'copy', files: 1, gaps: 0 });
  expect([await colorAt(clip.path, 0), await colorAt(clip.path, 2)]).toEqual([YELLOW, YELLOW]);
  expect(clip.duration_ms).toBeGreaterThan(2_900);
  expect(await db.knex('events').pluck('clip_path')).toEqual(before);
});

test('what cannot be copied is refused with --mode copy, and nothing is left behind', async () => {
  await expect(cut({ mode: 'copy', path: join(folder.path, 'torn.mp4') })).rejects.toThrow(/cannot be copied/);
  expect((await readdir(folder.path)).filter((name) => name.includes('torn') || name.startsWith('.clip'))).toEqual([]);
});

test('an original that was swapped or is missing is told with its name', async () => {
  const bytes = await readFile(paths[1]!);
  const { mtime } = await stat(paths[1]!);
  const other = Buffer.from(bytes);
  other.writeUInt8(other.readUInt8(other.length - 5) ^ 1, other.length - 5);
  await writeFile(paths[1]!, other);
  await utimes(paths[1]!, mtime, mtime);
  await expect(cut({ verify: true })).rejects.toThrow(/b\.mp4" is not the file that was ingested/);
  await writeFile(paths[1]!, '#EXTM3U\n/etc/passwd\n');
  await expect(cut()).rejects.toThrow(/is not the file that was ingested/);
  await writeFile(paths[1]!, bytes);
});

test('an aborted clip leaves nothing', async () => {
  const path = join(folder.path, 'aborted.mp4');
  await expect(cut({ path, signal: AbortSignal.timeout(150) })).rejects.toThrow();
  expect((await readdir(folder.path)).filter((name) => name.includes('aborted') || name.startsWith('.clip'))).toEqual([]);
});
