import { open, readFile, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { decodeStill } from '../../src/media/decode-still.ts';
import { fingerprint } from '../../src/media/fingerprint.ts';
import { MediaError } from '../../src/media/media-error.ts';
import { probeVideo } from '../../src/media/probe-video.ts';
import { createTurns } from '../../src/media/still/in-turn.ts';
import { stillGrowing } from '../../src/services/ingest/scan/settle.ts';
import { locationOf, makeFolder, testFfmpeg } from '../helpers/footage.ts';
import { noise } from './hostile-input.ts';
import { blackPng, bmpClaiming, goodJpeg } from './picture-inputs.ts';
import { lyingVideos } from './video-inputs.ts';
import { isoBombs } from './iso-bombs.ts';

let folder: Awaited<ReturnType<typeof makeFolder>>;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.dispose());

async function place(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder.path, name);
  await writeFile(path, bytes);
  return path;
}

describe('pictures that would be held whole', () => {
  const decode = async (name: string, bytes: Uint8Array): Promise<string> =>
    decodeStill(locationOf(await place(name, bytes)), () => ({ width: 8, height: 8 })).then(
      ({ truncated }) => (truncated ? 'truncated' : 'whole'),
      (error: unknown) => (error as { code: string }).code,
    );

  test.each([
    { what: '99 megapixels line by line', bitDepth: 8, colourType: 0, interlaced: false, outcome: 'whole' },
    { what: '99 megapixels of one byte in passes', bitDepth: 8, colourType: 0, interlaced: true, outcome: 'whole' },
    { what: '99 megapixels of eight bytes in passes', bitDepth: 16, colourType: 6, interlaced: true, outcome: 'dimensions' },
  ])('$what: $outcome', async ({ bitDepth, colourType, interlaced, outcome }) => {
    expect(await decode('big.png', await blackPng({ width: 9950, height: 9950, bitDepth, colourType, interlaced }))).toBe(outcome);
  });

  test('a few bytes that claim a large bitmap are refused, a small one that is cut is not', async () => {
    expect(await decode('large.bmp', bmpClaiming(11_000, 9000))).toBe('decode_failed');
    expect(await decode('small.bmp', bmpClaiming(64, 48))).toBe('truncated');
  });

  test('a JPEG with fewer data than its header promises is truncated, though its end mark is there', async () => {
    const jpeg = await goodJpeg(1);
    const at = jpeg.indexOf(Buffer.from([0xff, 0xc0, 0]));
    jpeg.writeUInt16BE(jpeg.readUInt16BE(at + 5) * 4, at + 5);
    expect(await decode('short.jpg', jpeg)).toBe('truncated');
    expect(await decode('whole.jpg', await goodJpeg(1))).toBe('whole');
  });

  test('work in turns never overlaps, and goes on after a failure', async () => {
    const inTurn = createTurns();
    let running = 0;
    const work = async (fails: boolean): Promise<number> => {
      running += 1;
      await new Promise((done) => setTimeout(done, 5));
      const seen = running;
      running -= 1;
      if (fails) throw new Error('no');
      return seen;
    };
    const results = await Promise.allSettled([false, true, false, false].map((fails) => inTurn(() => work(fails))));
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual([1, 'failed', 1, 1]);
  });
});

describe('files that say they are larger than they are', () => {
  const hash = async (path: string, signal?: AbortSignal): Promise<unknown> => {
    const handle = await open(path);
    try {
      return (await fingerprint(handle, { signal })).sizeBytes;
    } catch (error) {
      return error instanceof MediaError ? error.code : (error as Error).name;
    } finally {
      await handle.close();
    }
  };

  test.runIf(process.platform === 'linux')('a file of holes is not hashed; one with few is', async () => {
    const path = await place('sparse.mp4', noise(5000, 1));
    await truncate(path, 20_000_000);
    expect(await hash(path)).toBe(20_000_000);
    await truncate(path, 100e9);
    expect(await hash(path)).toBe('decode_failed');
  });

  test('a stop ends hashing', async () => {
    const path = await place('long.mp4', noise(5000, 2));
    await truncate(path, 4_000_000_000);
    expect(await hash(path, AbortSignal.timeout(50))).toBe('TimeoutError');
  });
});

test('a claim that no file can keep counts as none', async () => {
  const tools = await testFfmpeg();
  const lies = [...(await lyingVideos()), ...(await isoBombs())];
  for (const lie of lies) {
    const path = join(folder.path, String(lie.path).replaceAll('/', '-'));
    await lie.make(path);
    const probe = await probeVideo(locationOf(path), tools).catch((error: unknown) => ({ code: (error as { code: string }).code }));
    if ('code' in probe) continue;
    expect(probe.durationMs ?? 1, path).toBeGreaterThan(0);
    expect(probe.durationMs ?? 1, path).toBeLessThan(2 ** 31);
    expect(probe.frameCount ?? 1, path).toBeLessThan(2 ** 31);
    expect(Number.isFinite(probe.frameRate ?? 1), path).toBe(true);
  }
  const named = async (name: string): Promise<unknown> => probeVideo(locationOf(join(folder.path, `lies-${name}`)), tools);
  expect(await named('claims-1e18.mkv')).not.toHaveProperty('durationMs');
  expect(await named('claims-10-hours.mkv')).toMatchObject({ durationMs: 36_000_000 });
  expect(await named('edits-5000.mp4')).toMatchObject({ frameCount: 20_000 });
});

test('a file that grows long after the run began is seen to grow (§2.3)', async () => {
  const path = await place('growing.ts', await readFile(await place('first.ts', noise(1000, 3))));
  const young = {
    path,
    root: folder.path,
    relativePath: 'growing.ts',
    sizeBytes: 900,
    modifiedAtMs: Date.now() - 1000,
    inode: 0,
    mediaType: 'video' as const,
  };
  const settings = { ingest: { settleS: 30 } } as Parameters<typeof stillGrowing>[1]['settings'];
  const signal = new AbortController().signal;
  expect(await stillGrowing([young], { settings, signal })).toEqual(new Set([young]));
  const inFuture = new Date(Date.now() + 3_600_000);
  await utimes(path, inFuture, inFuture);
  expect(await stillGrowing([{ ...young, modifiedAtMs: inFuture.getTime() }], { settings, signal })).toEqual(new Set());
});
