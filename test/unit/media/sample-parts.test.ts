import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { DecodeReport } from '../../../src/media/frame-stream.ts';
import { probeVideo } from '../../../src/media/probe-video.ts';
import { sampleFrames, type SampleFramesOptions } from '../../../src/media/sample-frames.ts';
import { seeksExactly } from '../../../src/media/seeks-exactly.ts';
import { locationOf, makeFolder, makeVideo, testFfmpeg } from '../../helpers/footage.ts';

const PART_MS = 10_000;
const PARTS = 3;
/** A sample, and far enough before each border for both sides to see it. */
const LEAD_MS = 2_500;

let folder: Awaited<ReturnType<typeof makeFolder>>;

beforeAll(async () => {
  folder = await makeFolder();
});

afterAll(() => folder.dispose());

type Taken = { frames: string[]; report: DecodeReport };

async function take(path: string, more: Partial<SampleFramesOptions> = {}): Promise<Taken> {
  const tools = await testFfmpeg();
  const probe = await probeVideo(locationOf(path), tools);
  const scaleTo = (): { width: number; height: number } => ({ width: 40, height: 30 });
  const stream = sampleFrames(locationOf(path), { tools, plan: { mode: 'fps', fps: 2 }, probe, scaleTo, ...more });
  const frames: string[] = [];
  for await (const { offsetMs, picture } of stream) {
    const print = createHash('sha256').update(picture.data).digest('hex').slice(0, 12);
    frames.push(`${String(offsetMs).padStart(6, '0')} ${print}`);
  }
  return { frames, report: await stream.report };
}

async function takeInParts(path: string): Promise<Taken[]> {
  const taken: Taken[] = [];
  for (let index = 0; index < PARTS; index += 1) {
    const fromMs = index * PART_MS;
    const part = { fromMs, untilMs: index === PARTS - 1 ? Infinity : fromMs + PART_MS };
    const { frames, report } = await take(path, index === 0 ? { part } : { part, fromMs: fromMs - LEAD_MS });
    taken.push({ frames: frames.filter((frame) => Number(frame.slice(0, 6)) >= fromMs), report });
  }
  return taken;
}

/** B-frames, pictures that refer across keyframes, times that are no whole ms, a start that is not 0. */
const VIDEOS: [what: string, name: string, extra: readonly string[]][] = [
  ['MP4', 'plain.mp4', []],
  ['MP4 in fragments', 'fragments.mp4', ['-movflags', 'frag_keyframe+empty_moov']],
  ['MP4 with open groups of pictures', 'open.mp4', ['-x264-params', 'open-gop=1:keyint=300:bframes=3']],
  ['Matroska that starts late', 'late.mkv', ['-output_ts_offset', '5']],
];

function makeLong(name: string, extra: readonly string[]): Promise<string> {
  return makeVideo({ name, seconds: 30, fps: '30000/1001', size: '80x60', extra: ['-preset', 'veryfast', ...extra] });
}

async function damage(path: string, name: string, harm: (bytes: Buffer) => Buffer): Promise<string> {
  const target = join(folder.path, name);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, harm(await readFile(path)));
  return target;
}

async function expectSame(path: string): Promise<Taken[]> {
  const whole = await take(path);
  const parts = await takeInParts(path);
  expect(parts.flatMap(({ frames }) => frames)).toEqual(whole.frames);
  const sum = (count: (report: DecodeReport) => number): number => parts.reduce((total, { report }) => total + count(report), 0);
  expect(sum(({ decodedFrames }) => decodedFrames)).toBe(whole.report.decodedFrames);
  expect(sum(({ errorLines }) => errorLines)).toBe(whole.report.errorLines);
  expect(Math.max(...parts.map(({ report }) => report.lastOffsetMs ?? 0))).toBe(whole.report.lastOffsetMs);
  for (const [index, { report }] of parts.entries()) {
    if (index > 0) expect(report.seams?.before).toEqual(parts[index - 1]?.report.seams?.end);
  }
  return parts;
}

describe('a video in parts has the frames of the whole one, to the pixel, and the same counts', { timeout: 60_000 }, () => {
  test.each(VIDEOS)('%s', async (_, name, extra) => {
    const path = await makeLong(name, extra);
    expect(await seeksExactly(locationOf(path))).toBe(true);
    const [, second] = await expectSame(path);
    expect(second!.report.seams!.end).toEqual({ frames: 30, lastOffsetMs: expect.any(Number) });
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['torn in the second part', (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.55))],
    ['with a hole over a border', (bytes) => Buffer.from(bytes).fill(0, Math.floor(bytes.length * 0.3), Math.floor(bytes.length * 0.36))],
    ['with noise in it', (bytes) => noise(bytes)],
  ])('MP4 %s', async (what, harm) => {
    await expectSame(await damage(await makeLong('fast.mp4', ['-movflags', 'faststart']), `${what}.mp4`, harm));
  });
});

test('a transport stream by another name is not taken for a container that seeks exactly', async () => {
  const path = await damage(await makeVideo({ name: 'stream.ts', seconds: 2 }), 'stream.mp4', (bytes) => bytes);
  expect(await seeksExactly(locationOf(path))).toBe(false);
});

function noise(bytes: Buffer): Buffer {
  const noisy = Buffer.from(bytes);
  for (const share of [0.2, 0.34, 0.5, 0.71]) {
    const at = Math.floor(noisy.length * share);
    for (let i = 0; i < 150; i += 1) noisy[at + i] = (i * 73 + 19) & 255;
  }
  return noisy;
}
