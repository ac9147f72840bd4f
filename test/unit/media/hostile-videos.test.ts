import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { DecodeReport } from '../../../src/media/frame-stream.ts';
import { MediaError } from '../../../src/media/media-error.ts';
import { probeVideo } from '../../../src/media/probe-video.ts';
import { sampleFrames } from '../../../src/media/sample-frames.ts';
import { locationOf, makeFolder, makeFootage, makeVideo, testFfmpeg } from '../../helpers/footage.ts';

let folder: Awaited<ReturnType<typeof makeFolder>>;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.dispose());

type Outcome = { frames: number; report: DecodeReport } | { code: string };

/** What the pipeline does with a file, at 2 frames a second; only MediaErrors are outcomes. */
async function outcomeOf(path: string, onFrame: () => unknown = () => undefined): Promise<Outcome> {
  const tools = await testFfmpeg();
  try {
    const probe = await probeVideo(locationOf(path), tools);
    const stream = sampleFrames(locationOf(path), {
      tools,
      probe,
      plan: { mode: 'fps', fps: 2 },
      scaleTo: () => ({ width: 32, height: 24 }),
    });
    let frames = 0;
    for await (const frame of stream) {
      expect(frame.picture.data).toHaveLength(32 * 24 * 3);
      frames += 1;
      await onFrame();
    }
    return { frames, report: await stream.report };
  } catch (error) {
    if (error instanceof MediaError) return { code: error.code };
    throw error;
  }
}

describe('bombs', () => {
  test('a picture of 39 megapixels in a small file is refused at once', async () => {
    const path = await makeFootage('bomb.mkv', [
      '-f',
      'lavfi',
      '-i',
      'color=gray:size=8192x4800:rate=1:duration=1',
      '-pix_fmt',
      'gray',
      '-c:v',
      'png',
    ]);
    const start = performance.now();
    expect(await outcomeOf(path)).toMatchObject({ code: expect.stringMatching(/^(?:dimensions|decode_failed)$/) as string });
    expect(performance.now() - start).toBeLessThan(10_000);
  }, 60_000);

  test('a picture that grows to 39 megapixels in mid-file is refused where it grows', async () => {
    const small = await readFile(await makeVideo({ name: 'small.h264', seconds: 2 }));
    const big = await readFile(
      await makeFootage('big.h264', [
        '-f',
        'lavfi',
        '-i',
        'color=gray:size=8192x4800:rate=1:duration=1',
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-pix_fmt',
        'yuv420p',
      ]),
    );
    const path = join(folder.path, 'growing.h264');
    await writeFile(path, Buffer.concat([small, big, small]));
    const outcome = await outcomeOf(path);
    expect(outcome).toMatchObject({ report: { endedBy: 'end' } });
    if ('report' in outcome) {
      expect(outcome.report.decodedFrames).toBeGreaterThanOrEqual(19);
      expect(outcome.report.errorLines).toBeGreaterThan(0);
    }
  }, 60_000);

  test('a clock that lies by hours costs one frame a lie', async () => {
    const path = await makeVideo({ name: 'lies.mkv', seconds: 1, filter: 'setpts=N*18000/TB', extra: ['-vsync', '0'] });
    const start = performance.now();
    const outcome = await outcomeOf(path);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(outcome).toMatchObject({ report: { decodedFrames: 10, lastOffsetMs: 9 * 18_000_000 } });
    if ('frames' in outcome) expect(outcome.frames).toBeGreaterThanOrEqual(9);
  });
});

test('a picture size that changes in mid-file keeps the frame size and serves each offset once', async () => {
  const first = await readFile(await makeVideo({ name: 'size-a.ts', seconds: 2 }));
  const second = await readFile(await makeVideo({ name: 'size-b.ts', seconds: 2, size: '320x240', extra: ['-output_ts_offset', '2.2'] }));
  const path = join(folder.path, 'change.ts');
  await writeFile(path, Buffer.concat([first, second]));
  const outcome = await outcomeOf(path);
  expect(outcome).toMatchObject({ report: { endedBy: 'end' } });
  if ('frames' in outcome) expect(outcome.frames).toBeGreaterThanOrEqual(6);
});

test('a file that grows while it is read is read without an error of ours', async () => {
  const whole = await readFile(await makeVideo({ name: 'grow.mkv' }));
  const path = join(folder.path, 'grow.mkv');
  await writeFile(path, whole.subarray(0, whole.length / 2));
  let rest = whole.subarray(whole.length / 2);
  const outcome = await outcomeOf(path, async () => {
    await appendFile(path, rest);
    rest = Buffer.alloc(0);
  });
  expect(outcome).toHaveProperty('report');
});

test('mutated videos never hang, never fail without a code, and never deliver a frame of a wrong size', async () => {
  const originals = await Promise.all(
    ['mp4', 'mkv', 'avi', 'ts'].map(async (suffix) => ({
      suffix,
      bytes: await readFile(await makeVideo({ name: `mutate.${suffix}`, seconds: 1, size: '64x48' })),
    })),
  );
  let seed = 7;
  const random = (limit: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % limit;
  };
  for (let round = 0; round < 40; round += 1) {
    const { suffix, bytes } = originals[round % originals.length] ?? { suffix: 'mp4', bytes: Buffer.alloc(0) };
    const mutated = Buffer.from(bytes);
    for (let flips = 0; flips < 20; flips += 1) mutated[random(flips % 2 ? mutated.length : 2000)] = random(256);
    const path = join(folder.path, `mutated-${round}.${suffix}`);
    await writeFile(path, mutated);
    const start = performance.now();
    await outcomeOf(path);
    expect(performance.now() - start).toBeLessThan(30_000);
  }
}, 120_000);
