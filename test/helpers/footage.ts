import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import sharp from 'sharp';

import { locateFfmpeg, type FfmpegTools } from '../../src/media/ffmpeg/locate-ffmpeg.ts';

const run = promisify(execFile);
const cache = join(tmpdir(), `hs-test-footage-${process.getuid?.() ?? 0}`);
let tools: Promise<FfmpegTools> | undefined;

/** The ffmpeg of `HS_TEST_FFMPEG` and `HS_TEST_FFPROBE`, else whichever is found. */
export function testFfmpeg(): Promise<FfmpegTools> {
  tools ??= locateFfmpeg({ ffmpeg: process.env['HS_TEST_FFMPEG'], ffprobe: process.env['HS_TEST_FFPROBE'] });
  return tools;
}

/** A file made once by ffmpeg from these arguments (input and encoder; the output is added) and kept in the temp folder. */
export async function makeFootage(name: string, args: readonly string[]): Promise<string> {
  const { ffmpeg, version } = await testFfmpeg();
  const key = createHash('sha256')
    .update(JSON.stringify([version, name, args]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cache, key);
  const path = join(folder, name);
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  const half = join(folder, `${process.pid}-${Math.random().toString(36).slice(2)}-${name}`);
  await run(ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args, half], { timeout: 60_000 });
  await rename(half, path);
  return path;
}

export type VideoOptions = { name?: string; seconds?: number; fps?: string; size?: string; extra?: readonly string[]; filter?: string };

/** A moving test picture: H.264 at 10 frames a second for 10 s, 160×120, unless asked otherwise. */
export function makeVideo(options: VideoOptions = {}): Promise<string> {
  const { name = 'test.mp4', seconds = 10, fps = '10', size = '160x120', extra = [], filter } = options;
  return makeFootage(name, [
    ...['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=${fps}:duration=${seconds}`],
    ...(filter === undefined ? [] : ['-vf', filter]),
    ...['-c:v', name.endsWith('.avi') ? 'mpeg4' : 'libx264', '-pix_fmt', 'yuv420p', ...extra],
  ]);
}

export type StillOptions = { width?: number; height?: number; format?: 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff'; orientation?: number };

/** A picture with a red left and a blue right half. */
export async function makeStill(options: StillOptions = {}): Promise<Buffer> {
  const { width = 64, height = 48, format = 'jpeg', orientation } = options;
  const right = { create: { width: Math.floor(width / 2), height, channels: 3 as const, background: '#0000ff' } };
  const picture = sharp({ create: { width, height, channels: 3, background: '#ff0000' } })
    .composite([{ input: right, gravity: 'east' }])
    .toFormat(format);
  return (orientation === undefined ? picture : picture.withMetadata({ orientation })).toBuffer();
}

/** A fresh folder, removed by `dispose`. */
export async function makeFolder(): Promise<{ path: string; dispose: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'hs-test-'));
  return { path, dispose: () => rm(path, { recursive: true, force: true }) };
}

/** Where a file lies, as the media functions take it. */
export function locationOf(path: string): { path: string; root: string } {
  return { path, root: resolve(path, '..') };
}

/** A real asset, or undefined where the assets are absent (tests then say that they were skipped). */
export function findAsset(relativePath: string): string | undefined {
  const folder = process.env['HS_TEST_ASSETS'] ?? resolve(import.meta.dirname, '../../../shared/assets');
  const path = join(folder, relativePath);
  if (existsSync(path)) return path;
  process.stderr.write(`skipped: real asset ${basename(path)} is not here (HS_TEST_ASSETS)\n`);
  return undefined;
}
