import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { drawEventSheet, type SheetOptions } from '../../../src/services/sheets/draw-event-sheet.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { makeFolder, testFfmpeg } from '../../helpers/footage.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from '../answers/seed.ts';

const COLOURS = ['#ff0000', '#00ff00', '#0000ff'];
let db: TestDatabase;
let folder: Awaited<ReturnType<typeof makeFolder>>;
let event: number;
let failures: string[];

/** Three stills of one colour each, a minute from each other; the first is upright. */
beforeAll(async () => {
  db = await createTestDatabase();
  folder = await makeFolder();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate', { name: `<b>"Gate" & 'shed'\u202e`, timezone: 'Europe/Berlin' });
  const members = [];
  for (const [index, background] of COLOURS.entries()) {
    const size = index === 0 ? { width: 60, height: 120 } : { width: 120, height: 60 };
    members.push(await placeStill(`2026-07-14T08:0${String(index)}:00Z`, { ...size, background }));
  }
  event = await seedEvent(db.knex, { camera: 'gate', members });
});

afterAll(async () => {
  await folder.dispose();
  await db.drop();
});

type Still = { width: number; height: number; background: string };

async function placeStill(at: string, { width, height, background }: Still): Promise<{ id: number; detected_at: Date }> {
  const path = join(folder.path, `${at}.png`);
  const bytes = await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
  await writeFile(path, bytes);
  const { size, mtime } = await stat(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const facts = { path, size_bytes: size, modified_at: mtime, content_sha256: sha256, media_type: 'image', width, height };
  const fileId = await seedFile(db.knex, { camera: 'gate', at, more: { ...facts, ended_at: new Date(at), duration_ms: null } });
  const box = { bbox_x: 20, bbox_y: 20, bbox_width: 20, bbox_height: 20, video_width: width, video_height: height };
  return seedDetection(db.knex, { fileId, camera: 'gate', at, more: { ...box, media_type: 'image', object_type: '<script>' } });
}

async function draw(id: number, more: Partial<SheetOptions> = {}): ReturnType<typeof drawEventSheet> {
  const { ffmpeg, ffprobe } = await testFfmpeg();
  failures = [];
  return drawEventSheet(db.knex, id, {
    ...{ out: 'sheet.png', folder: folder.path, columns: 2, boxes: false, verify: false, actor: 'tester' },
    settings: { home: folder.path, ffmpeg, ffprobe, cameras: {} },
    signal: new AbortController().signal,
    onFailure: (text) => failures.push(text),
    ...more,
  });
}

/** Colour at a place of a sheet, each channel 0 or 1. */
async function colourAt(path: string, left: number, top: number): Promise<string> {
  const { data } = await sharp(await readFile(path))
    .extract({ left, top, width: 1, height: 1 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return [...data.subarray(0, 3)].map((value) => (value > 127 ? 1 : 0)).join('');
}

test('frames lie in footage order, in their true shape, in so many columns', async () => {
  const sheet = await draw(event);
  expect(sheet).toMatchObject({ event_id: event, frames: 3, width: 12 + 2 * 492, height: 44 + 2 * 522 });
  expect((await stat(sheet.path)).mode & 0o777).toBe(0o600);
  // The upright one stands in the middle of its place.
  const places = [
    [252, 284],
    [40, 284],
    [744, 284],
    [252, 806],
    [744, 806],
  ] as const;
  const seen = [];
  for (const [left, top] of places) seen.push(await colourAt(sheet.path, left, top));
  expect(seen).toEqual(['100', '000', '010', '001', '000']);
  const details = { type: 'sheet', frames: 3, path: sheet.path };
  expect(await db.knex('audit_logs').where({ action: 'media_exported' })).toMatchObject([{ resource_id: String(event), details }]);
});

test('boxes are drawn on wish, and jpg is written where the name says so', async () => {
  const plain = await draw(event, { columns: 12 });
  const boxed = await draw(event, { columns: 12, boxes: true, out: 'boxed.JPG' });
  expect((await readFile(boxed.path)).subarray(0, 2).toString('hex')).toBe('ffd8');
  expect([boxed.width, boxed.height]).toEqual([12 + 3 * 492, 44 + 522]);
  // On the left edge of the box of the upright picture, of which 4 pixels are one of the original.
  expect(await colourAt(plain.path, 12 + 120 + 80, 44 + 120)).toBe('100');
  expect(await colourAt(boxed.path, 12 + 120 + 80, 44 + 120)).toBe('111');
});

test('a frame that cannot be read is told and left out; where none can be read there is no sheet', async () => {
  const [lost, ...others] = (await readdir(folder.path)).filter((name) => name.includes('T08')).sort();
  await rm(join(folder.path, lost!));
  expect(await draw(event)).toMatchObject({ frames: 2 });
  expect(failures).toEqual([expect.stringContaining(`${lost!}" is not there any more`)]);
  for (const name of others) await rm(join(folder.path, name));
  await expect(draw(event, { out: 'none.png' })).rejects.toMatchObject({ exitCode: 3, code: 'no_frames' });
  expect(failures).toHaveLength(3);
  expect(await readdir(folder.path)).not.toContain('none.png');
});

test.each([
  ['an unknown event', 424_242, 'sheet.png', /no event 424242/],
  ['standard output', 0, '-', /would print a picture/],
  ['another kind of file', 0, 'sheet.gif', /neither \.jpg nor \.png/],
  ['a folder that is not there', 0, 'none/sheet.png', /no folder/],
])('a sheet of or to %s is a usage error', async (_, id, out, message) => {
  await expect(draw(id === 0 ? event : id, { out })).rejects.toThrow(message);
});
