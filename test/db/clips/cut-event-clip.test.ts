import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { probeVideo } from '../../../src/media/probe-video.ts';
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
  return cutEventClip(db.knex, eventId, options(more));
}

function options(more: Partial<CutClipOptions>): CutClipOptions {
  return {
    ...{ tools: testFfmpeg, folder: join(folder.path, 'clips'), beforeMs: 4000, afterMs: 4000, mode: 'auto', boxes: false, verify: false },
    ...{ actor: 'tester', signal: new AbortController().signal },
    ...more,
  };
}

type Frames = { width: number; height: number; count: number; at: (frame: number, point: { x: number; y: number }) => number[] };

async function readClip(path: string): Promise<Frames> {
  const tools = await testFfmpeg();
  const { width, height } = await probeVideo({ path, root: folder.path }, tools);
  const rgb = execFileSync(tools.ffmpeg, ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { maxBuffer: 1 << 26 });
  const at: Frames['at'] = (frame, { x, y }) => [...rgb.subarray(3 * ((frame * height + y) * width + x)).subarray(0, 3)];
  return { width, height, count: rgb.length / (3 * width * height), at };
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

test('boxes lie where and when objects were seen, in footage that is turned and has oblong pixels, whatever a class is called', async () => {
  const [at, seconds] = ['2026-01-15T08:00:00Z', 4];
  // Upright 96×160, of which 64×160 are to be seen; what is red lies at y 100 to 140, x 24 to 72.
  const flat = await makeFootage('flat.mp4', [
    ...['-f', 'lavfi', '-i', `color=0x203040:size=160x96:rate=10:duration=${String(seconds)}`],
    ...['-vf', 'drawbox=x=20:y=24:w=40:h=48:color=red:t=fill,setsar=3/2', '-pix_fmt', 'yuv420p'],
  ]);
  const made = await makeFootage('turned.mp4', ['-i', flat, '-c', 'copy', '-metadata:s:v:0', 'rotate=90']);
  const path = join(folder.path, 'turned.mp4');
  await copyFile(made, path);
  const { size, mtime } = await stat(path);
  const facts = { path, size_bytes: size, modified_at: mtime, content_sha256: 'ff'.repeat(32), width: 96, height: 160, frame_rate: 10 };
  const span = { duration_ms: seconds * 1000, ended_at: new Date(Date.parse(at) + seconds * 1000), analysed_offsets_ms: [500, 1000, 1500] };
  const fileId = await seedFile(db.knex, { camera: CAMERA, at, more: { ...facts, ...span } });
  const box = { bbox_x: 24, bbox_y: 100, bbox_width: 48, bbox_height: 40, video_width: 96, video_height: 160 };
  const seen = { ...box, object_type: `'[0:v]movie=/etc/passwd;%{pts}"<b>\n\u202e` };
  const member = await seedDetection(db.knex, { fileId, camera: CAMERA, at, offsetMs: 1000, more: seen });
  const turned = await seedEvent(db.knex, { camera: CAMERA, members: [member] });
  const clip = await cutEventClip(db.knex, turned, options({ boxes: true, beforeMs: 1000, afterMs: 1500 }));
  expect(clip).toMatchObject({ mode: 'encode', files: 1 });
  const frames = await readClip(clip.path);
  expect(frames).toMatchObject({ width: 64, height: 160, count: 25 });
  // A white line along the left edge of the box, from its frame to the next one that was looked at.
  const whiteness = (frame: number): number => Math.max(...[14, 15, 16, 17].map((x) => Math.min(...frames.at(frame, { x, y: 130 }))));
  expect([8, 9, 10, 12, 14, 15].map((frame) => whiteness(frame) > 100)).toEqual([false, false, true, true, true, false]);
  expect(frames.at(12, { x: 32, y: 112 })[0]).toBeGreaterThan(180);
  expect(Math.max(...frames.at(12, { x: 8, y: 130 }))).toBeLessThan(90);
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
