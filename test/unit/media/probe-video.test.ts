import { execFileSync } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readCreationTime } from '../../../src/media/ffmpeg/read-creation-time.ts';
import { probeVideo, type VideoProbe } from '../../../src/media/probe-video.ts';
import { findAsset, locationOf, makeFolder, makeFootage, makeVideo, testFfmpeg } from '../../helpers/footage.ts';

let folder: Awaited<ReturnType<typeof makeFolder>>;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.dispose());

async function probe(path: string): Promise<VideoProbe> {
  return probeVideo(locationOf(path), await testFfmpeg());
}

async function codeOf(name: string, bytes: Uint8Array): Promise<unknown> {
  const path = join(folder.path, name);
  await writeFile(path, bytes);
  return probe(path).then(
    () => 'probed',
    (error: unknown) => (error as { code?: unknown }).code,
  );
}

describe('what the container claims', () => {
  test('length, rate, count, size, codec and container of an MP4', async () => {
    expect(await probe(await makeVideo())).toEqual({
      durationMs: 10_000,
      frameRate: 10,
      frameCount: 100,
      width: 160,
      height: 120,
      codec: 'h264',
      container: 'mov,mp4,m4a,3gp,3g2,mj2',
    });
  });

  test('what is not known is left out', async () => {
    const found = await probe(await makeVideo({ name: 'probe.h264', seconds: 1 }));
    expect(found).not.toHaveProperty('durationMs');
    expect(found).not.toHaveProperty('frameCount');
    expect(found).toMatchObject({ width: 160, codec: 'h264' });
  });

  test.each(['ts', 'm2ts', 'flv', 'mkv', 'avi', 'mov'])('.%s has its length within two frames', async (suffix) => {
    const found = await probe(await makeVideo({ name: `probe.${suffix}`, seconds: 3, ...(suffix === 'avi' && { extra: ['-g', '10'] }) }));
    expect(Math.abs((found.durationMs ?? 0) - 3000)).toBeLessThanOrEqual(200);
  });

  test('29.97 frames a second', async () => {
    expect((await probe(await makeVideo({ fps: '30000/1001', seconds: 3 }))).frameRate).toBeCloseTo(29.97, 2);
  });

  test('the container clock, and the QuickTime date with its offset', async () => {
    const utc = await makeVideo({ name: 'clock.mp4', seconds: 1, extra: ['-metadata', 'creation_time=2026-01-14T08:15:00Z'] });
    expect((await probe(utc)).creationTime).toEqual({
      utcMs: Date.UTC(2026, 0, 14, 8, 15),
      localText: '2026-01-14T08:15:00.000',
      hasOffset: false,
    });
    const apple = await makeVideo({
      name: 'apple.mov',
      seconds: 1,
      extra: [
        '-movflags',
        'use_metadata_tags',
        '-metadata',
        'com.apple.quicktime.creationdate=2026-01-14T08:15:00+0100',
        '-metadata',
        'creation_time=2026-01-14T09:00:00Z',
      ],
    });
    expect((await probe(apple)).creationTime).toEqual({
      utcMs: Date.UTC(2026, 0, 14, 7, 15),
      localText: '2026-01-14T08:15:00.000',
      hasOffset: true,
    });
  });

  test('text in the file does not become a time', () => {
    expect(readCreationTime({})).toBeUndefined();
    for (const text of ['', 'yesterday', '2026-13-01T00:00:00Z', '2026-04-31T00:00:00Z', '2026-01-14T25:00:00Z', '2026-01-14']) {
      expect(readCreationTime({ container: text }), text).toBeUndefined();
    }
    expect(readCreationTime({ container: '2026-01-14 08:15:00' })).toEqual({
      utcMs: Date.UTC(2026, 0, 14, 8, 15),
      localText: '2026-01-14T08:15:00.000',
      hasOffset: false,
    });
    expect(readCreationTime({ quickTime: '2026-01-14T08:15:00-05:30' })?.utcMs).toBe(Date.UTC(2026, 0, 14, 13, 45));
  });
});

describe('what cannot be read', () => {
  test('a playlist that names another camera’s video is not media', async () => {
    await copyFile(await makeVideo({ name: 'cam2.ts', seconds: 1 }), join(folder.path, 'cam2.ts'));
    const playlist = '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\ncam2.ts\n#EXT-X-ENDLIST\n'.padEnd(300, '\n');
    expect(await codeOf('playlist.mp4', Buffer.from(playlist))).toBe('not_media');
    expect(await codeOf('concat.mkv', Buffer.from("ffconcat version 1.0\nfile 'cam2.ts'\n".padEnd(300, '\n')))).toBe('not_media');
    expect(
      await codeOf(
        'stream.mp4',
        Buffer.from('v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n'.padEnd(300, '\n')),
      ),
    ).toBe('not_media');
  });

  test('an empty file, and one too small', async () => {
    expect(await codeOf('empty.mp4', Buffer.alloc(0))).toBe('zero_bytes');
    expect(await codeOf('small.mp4', Buffer.alloc(127))).toBe('too_small');
  });

  test('an MP4 cut before its index is damaged, not foreign', async () => {
    const bytes = await readFile(await makeVideo({ name: 'noindex.mp4', size: '320x240' }));
    expect(await codeOf('cut.mp4', bytes.subarray(0, bytes.length / 2))).toBe('decode_failed');
  });

  test('sound alone has no frames', async () => {
    const path = await makeFootage('sound.mp4', ['-f', 'lavfi', '-i', 'sine=duration=1', '-c:a', 'aac']);
    expect(await codeOf('sound.mp4', await readFile(path))).toBe('no_frames');
  });

  test('a picture smaller than 16 pixels', async () => {
    const path = await makeVideo({ name: 'tiny.avi', size: '14x64', seconds: 1 });
    expect(await codeOf('tiny.avi', await readFile(path))).toBe('dimensions');
  });

  test('a folder, a FIFO and a missing file', async () => {
    execFileSync('mkfifo', [join(folder.path, 'pipe.mp4')]);
    await expect(probe(join(folder.path, 'pipe.mp4'))).rejects.toMatchObject({ code: 'not_media' });
    await expect(probe(folder.path)).rejects.toMatchObject({ code: 'not_media' });
    await expect(probe(join(folder.path, 'gone.mp4'))).rejects.toMatchObject({ code: 'vanished' });
  });

  test('a program that is not there is said plainly', async () => {
    const file = locationOf(await makeVideo());
    await expect(probeVideo(file, { ffprobe: '/nowhere/ffprobe' })).rejects.toMatchObject({ code: 'ffmpeg_missing', exitCode: 6 });
  });

  test('an abort ends it with its reason', async () => {
    const file = locationOf(await makeVideo());
    await expect(probeVideo(file, await testFfmpeg(), { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
  });

  test('the real page that is named .avi', async () => {
    const path = findAsset('odd/vtest_broken.avi');
    if (path !== undefined) await expect(probe(path)).rejects.toMatchObject({ code: 'not_media' });
  });
});
