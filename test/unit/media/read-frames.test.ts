import { expect, test } from 'vitest';

import { sampleBucket, sampleOffsetsMs } from '../../../src/domain/sampling.ts';
import { cropPicture } from '../../../src/media/crop-picture.ts';
import { probeVideo } from '../../../src/media/probe-video.ts';
import { readFrames } from '../../../src/media/read-frames.ts';
import { sampleFrames } from '../../../src/media/sample-frames.ts';
import { locationOf, makeVideo, testFfmpeg } from '../../helpers/footage.ts';

async function read(path: string, offsetsMs: number[]): Promise<{ offsetMs: number; hash: number }[]> {
  const tools = await testFfmpeg();
  const probe = await probeVideo(locationOf(path), tools);
  const frames: { offsetMs: number; hash: number }[] = [];
  for await (const { offsetMs, picture } of readFrames(locationOf(path), { tools, probe, offsetsMs })) {
    frames.push({ offsetMs, hash: hashOf(picture.data) });
  }
  return frames;
}

function hashOf(bytes: Uint8Array): number {
  let hash = 0;
  for (const byte of bytes) hash = (hash * 31 + byte) % 2 ** 32;
  return hash;
}

test('no offsets are no frames, and offsets without a frame are left out', async () => {
  const path = await makeVideo();
  expect(await read(path, [])).toEqual([]);
  expect((await read(path, [9950, 150, 99_000])).map(({ offsetMs }) => offsetMs)).toEqual([]);
});

test('a frame read again is the very frame that was sampled, also after a seek and at offsets that were rounded', async () => {
  const path = await makeVideo({ seconds: 40, fps: '30000/1001', size: '64x48' });
  const tools = await testFfmpeg();
  const probe = await probeVideo(locationOf(path), tools);
  const sampled: { offsetMs: number; hash: number }[] = [];
  const plan = { mode: 'fps', fps: 2 } as const;
  for await (const { offsetMs, picture } of sampleFrames(locationOf(path), { tools, probe, plan, scaleTo: (size) => size })) {
    sampled.push({ offsetMs, hash: hashOf(picture.data) });
  }
  const wanted = [1, 2, 40, 41, 42, 75].flatMap((index) => sampled[index] ?? []);
  expect(wanted).toHaveLength(6);
  const shuffled = wanted.map(({ offsetMs }) => offsetMs).reverse();
  expect(await read(path, [...shuffled, ...shuffled])).toEqual(wanted);
});

test('a plan of known frames wants those', () => {
  const plan = { mode: 'at', offsetsMs: [100, 300] } as const;
  expect(sampleOffsetsMs(plan, 10_000)).toEqual([100, 300]);
  expect([99, 100, 299, 300].map((offsetMs) => sampleBucket(plan, offsetMs))).toEqual([-1, 0, 0, 1]);
});

test('a crop is the part of the picture inside the box, scaled; outside there is none', async () => {
  const data = Uint8Array.from({ length: 20 * 20 * 3 }, (_, index) => (Math.floor(index / 3) % 20 < 10 ? 200 : 40));
  const picture = { width: 20, height: 20, data };
  const scaleTo = (): { width: number; height: number } => ({ width: 4, height: 2 });
  const left = await cropPicture(picture, { x: -5, y: 2, width: 15, height: 6 }, scaleTo);
  expect(left).toMatchObject({ original: { width: 10, height: 6 }, picture: { width: 4, height: 2 } });
  expect(new Set(left?.picture.data)).toEqual(new Set([200]));
  expect(await cropPicture(picture, { x: 20, y: 0, width: 5, height: 5 }, scaleTo)).toBeUndefined();
});
