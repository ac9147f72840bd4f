import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { checkCropOrder, cropDetections, type CropOptions, type DetectionCrop } from '../../../src/services/detections/crop-detections.ts';
import { cropName } from '../../../src/services/detections/crop-name.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { makeFolder, makeFootage, makeStill, testFfmpeg } from '../../helpers/footage.ts';
import { seedCamera, seedDetection, seedFile, seedRun } from '../answers/seed.ts';

const CAMERA = 'door';
let db: TestDatabase;
let folder: Awaited<ReturnType<typeof makeFolder>>;
/** In a still that is red on the left and blue on the right; at its corner; in a video; without a file; of a lost file. */
let ids: { still: number; corner: number; video: number; bare: number; lost: number };

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await makeFolder();
  await seedRun(db.knex);
  await seedCamera(db.knex, CAMERA);
  const still = join(folder.path, 'still.jpg');
  await writeFile(still, await makeStill({ width: 200, height: 100 }));
  const stillId = await store(still, { media_type: 'image', width: 200, height: 100 });
  const video = join(folder.path, 'video.mp4');
  const source = 'color=black:size=160x96:rate=10:duration=2';
  const drawn = `drawbox=x=40:y=20:w=20:h=30:color=lime:t=fill:enable='between(t,0.95,1.05)'`;
  await copyFile(await makeFootage('crop.mp4', ['-f', 'lavfi', '-i', source, '-vf', drawn, '-pix_fmt', 'yuv420p']), video);
  const videoId = await store(video, { width: 160, height: 96, duration_ms: 2000, frame_rate: 10 });
  const gone = join(folder.path, 'gone.jpg');
  await copyFile(still, gone);
  const goneId = await store(gone, { media_type: 'image', width: 200, height: 100 });
  await rm(gone);
  const boxed = (x: number, y: number, width: number, height: number): object => ({
    bbox_x: x,
    bbox_y: y,
    bbox_width: width,
    bbox_height: height,
  });
  // Boxes of the still were found in a picture of half its size.
  const half = { video_width: 100, video_height: 50, media_type: 'image' };
  ids = {
    still: await seed(stillId, 0, { ...boxed(10, 10, 20, 20), ...half, object_type: '../../Person; "x"\u202e' }),
    corner: await seed(stillId, 0, { ...boxed(90, 40, 10, 10), ...half }),
    video: await seed(videoId, 1000, { ...boxed(40, 20, 20, 30), video_width: 160, video_height: 96 }),
    bare: await seed(videoId, 1000, { media_file_id: null }),
    lost: await seed(goneId, 0, { ...boxed(10, 10, 20, 20), ...half }),
  };
});

afterAll(async () => {
  await folder.dispose();
  await db.drop();
});

async function store(path: string, more: object): Promise<number> {
  const { size, mtime } = await stat(path);
  const sha256 = createHash('sha256').update(path).digest('hex');
  const facts = { path, size_bytes: size, modified_at: mtime, content_sha256: sha256 };
  return seedFile(db.knex, { camera: CAMERA, at: '2026-01-14T08:15:00.250Z', more: { ...facts, ...more } });
}

async function seed(fileId: number, offsetMs: number, more: object): Promise<number> {
  return (await seedDetection(db.knex, { fileId, camera: CAMERA, at: '2026-01-14T08:15:00.250Z', offsetMs, more })).id;
}

async function crop(wanted: number[], more: Partial<CropOptions> = {}): Promise<{ crops: DetectionCrop[]; failures: string[] }> {
  const out = join(folder.path, `crops-${String(Math.random())}`);
  await mkdir(out);
  const failures: string[] = [];
  const { ffmpeg, ffprobe } = await testFfmpeg();
  const fixed = { pad: 0, format: 'png', verify: false, actor: 'tester', signal: new AbortController().signal } as const;
  const heard = { onFailure: (text: string) => failures.push(text), onProgress: () => undefined };
  const settings = { home: folder.path, ffmpeg, ffprobe };
  const crops: DetectionCrop[] = [];
  for await (const one of cropDetections(db.knex, { ids: wanted, out, ...fixed, ...heard, settings, ...more })) crops.push(one);
  return { crops, failures };
}

async function colours(path: string): Promise<string[]> {
  const { data } = await sharp(await readFile(path))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const names = new Set<string>();
  for (let at = 0; at < data.length; at += 3) names.add([0, 1, 2].map((channel) => (data[at + channel]! > 127 ? 1 : 0)).join(''));
  return [...names].sort();
}

test('nothing is cut where nothing is asked for', async () => {
  expect(await crop([])).toEqual({ crops: [], failures: [] });
});

test('boxes are cut in pixels of the original, in the frame they were seen in, and named by what they show', async () => {
  const { crops, failures } = await crop([ids.video, ids.still, ids.still]);
  expect(failures).toEqual([]);
  expect(crops.map(({ path, width, height }) => [path.split('/').at(-1), width, height])).toEqual([
    [`door-20260114T081500.250Z-${String(ids.still)}-person_x.png`, 40, 40],
    [`door-20260114T081501.250Z-${String(ids.video)}-person.png`, 20, 30],
  ]);
  expect(await colours(crops[0]!.path)).toEqual(['100']);
  expect(await colours(crops[1]!.path)).toEqual(['010']);
  expect((await stat(crops[0]!.path)).mode & 0o777).toBe(0o600);
  expect(await db.knex('audit_logs').where({ action: 'media_exported' })).toMatchObject([{ details: { type: 'crops', written: 2 } }]);
});

test('padding ends at the border of the picture', async () => {
  const { crops } = await crop([ids.corner, ids.video], { pad: 0.5 });
  expect(crops.map(({ width, height }) => [width, height])).toEqual([
    [30, 30],
    [40, 60],
  ]);
  expect(await colours(crops[1]!.path)).toEqual(['000', '010']);
});

test('what cannot be cut is told, and the rest goes on; so is an original that was changed', async () => {
  const { crops, failures } = await crop([ids.bare, ids.lost, ids.still], { format: 'jpeg' });
  expect(crops.map((one) => one.detection_id)).toEqual([ids.still]);
  expect((await readFile(crops[0]!.path)).subarray(0, 2).toString('hex')).toBe('ffd8');
  expect(failures.sort()).toEqual(
    [
      `detection ${String(ids.bare)}: its place in a file of the store is not known`,
      `detection ${String(ids.lost)}: "${join(folder.path, 'gone.jpg')}" is not there any more`,
    ].sort(),
  );
  const path = join(folder.path, 'still.jpg');
  const before = await stat(path);
  await utimes(path, before.atime, new Date(before.mtimeMs - 5000));
  // The store holds another hash than the file has: only where time or --verify give reason to look does it show.
  expect((await crop([ids.still])).failures).toEqual([expect.stringContaining('is not the file that was ingested')]);
  await utimes(path, before.atime, before.mtime);
  expect((await crop([ids.still], { verify: true })).failures).toHaveLength(1);
  expect((await crop([ids.still])).failures).toHaveLength(0);
});

test('a stop request ends it between two crops', async () => {
  const stop = new AbortController();
  const { crops } = await crop([ids.still, ids.video], {
    signal: stop.signal,
    onProgress: () => {
      stop.abort();
    },
  });
  expect(crops).toHaveLength(1);
});

test('unknown ids and a missing folder are told before anything is done', async () => {
  await expect(checkCropOrder(db.knex, { ids: [ids.still, 424_242], out: folder.path })).rejects.toMatchObject({
    code: 'detection_unknown',
  });
  await expect(checkCropOrder(db.knex, { ids: [ids.still], out: join(folder.path, 'none') })).rejects.toMatchObject({ exitCode: 2 });
  expect((await readdir(folder.path)).includes('none')).toBe(false);
});

test.each([
  [null, 'object'],
  ['', 'object'],
  ['...', 'object'],
  ['=cmd|A1', 'cmd_a1'],
  ['café', 'café'],
  ['x'.repeat(300), 'x'.repeat(40)],
])('a class called %j is named %s', (label, name) => {
  const row = { id: 1, camera_id: 'a/b', detected_at: new Date(0), object_type: label };
  expect(cropName(row, 'jpeg')).toBe(`a_b-19700101T000000.000Z-1-${name}.jpg`);
});
