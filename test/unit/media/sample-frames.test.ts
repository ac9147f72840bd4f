import { copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SamplePlan } from '../../../src/domain/sampling.ts';
import { sampleOffsetsMs } from '../../../src/domain/sampling.ts';
import type { DecodeReport, SampledFrame } from '../../../src/media/frame-stream.ts';
import { probeVideo } from '../../../src/media/probe-video.ts';
import { sampleFrames, type SampleFramesOptions } from '../../../src/media/sample-frames.ts';
import { findAsset, locationOf, makeFolder, makeVideo, testFfmpeg } from '../../helpers/footage.ts';

const FPS2: SamplePlan = { mode: 'fps', fps: 2 };
let folder: Awaited<ReturnType<typeof makeFolder>>;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.dispose());

type Taken = { frames: SampledFrame[]; offsets: number[]; report: DecodeReport };

async function sample(path: string, plan: SamplePlan, more: Partial<SampleFramesOptions> = {}): Promise<Taken> {
  const tools = await testFfmpeg();
  const probe = more.probe ?? (await probeVideo(locationOf(path), tools));
  const stream = sampleFrames(locationOf(path), { tools, plan, probe, scaleTo: () => ({ width: 32, height: 24 }), ...more });
  const frames: SampledFrame[] = [];
  for await (const { offsetMs, picture } of stream) frames.push({ offsetMs, picture: { ...picture, data: picture.data.slice() } });
  return { frames, offsets: frames.map((frame) => frame.offsetMs), report: await stream.report };
}

describe('which frames are taken (§3.1)', () => {
  test('10 s at 2 fps give 19 frames, 0.5 … 9.5', async () => {
    const { offsets, report } = await sample(await makeVideo(), FPS2);
    expect(offsets).toEqual(sampleOffsetsMs(FPS2, 10_000));
    expect(offsets).toHaveLength(19);
    expect(report).toEqual({ decodedFrames: 100, lastOffsetMs: 9900, errorLines: 0, firstErrors: [], endedBy: 'end' });
  });

  test('10 s, every 2 s give 5 frames', async () => {
    expect((await sample(await makeVideo(), { mode: 'every', seconds: 2 })).offsets).toEqual([500, 2500, 4500, 6500, 8500]);
  });

  test('60 s at 2 fps give 119 frames', async () => {
    const path = await makeVideo({ seconds: 60, fps: '4', size: '64x48' });
    expect((await sample(path, { mode: 'motion', fps: 2 })).offsets).toHaveLength(119);
  });

  test.each([
    { what: '0.6 s give one frame', fps: '10', seconds: 0.6, offsets: [500] },
    { what: '0.3 s give one frame at or after 0.03 s', fps: '100', seconds: 0.3, offsets: [30] },
    { what: '0.3 s at 10 fps give the first frame after 0.03 s', fps: '10', seconds: 0.3, offsets: [100] },
    { what: 'a single frame is taken although it starts before 10 % of its length', fps: '10', seconds: 0.1, offsets: [0] },
  ])('$what', async ({ fps, seconds, offsets }) => {
    expect((await sample(await makeVideo({ fps, seconds }), FPS2)).offsets).toEqual(offsets);
  });

  test('25 fps: the frame for an offset is the first one at or after it', async () => {
    const { offsets } = await sample(await makeVideo({ fps: '25', seconds: 2.2 }), FPS2);
    expect(offsets).toEqual([520, 1000, 1520, 2000]);
  });

  test('29.97 fps: offsets are the real presentation times', async () => {
    const { offsets } = await sample(await makeVideo({ fps: '30000/1001', seconds: 3 }), FPS2);
    expect(offsets).toEqual([501, 1001, 1502, 2002, 2503]);
  });

  test('3 fps: wanted offsets that are no whole ms are met', async () => {
    const { offsets } = await sample(await makeVideo({ fps: '1000', seconds: 2, size: '64x48', name: 'ms.mkv' }), { mode: 'fps', fps: 3 });
    expect(offsets).toEqual(sampleOffsetsMs({ mode: 'fps', fps: 3 }, 2000));
  });

  test('variable frame rate: one frame serves one offset, a pause is not filled up', async () => {
    // Frames of 0 … 2 s and of 5 … 8 s only.
    const path = await makeVideo({ name: 'vfr.mkv', seconds: 8, filter: "select='lt(t,2)+gte(t,5)'", extra: ['-vsync', '0'] });
    const { offsets, report } = await sample(path, FPS2);
    expect(offsets).toEqual([500, 1000, 1500, 5000, 5500, 6000, 6500, 7000, 7500]);
    expect(report.decodedFrames).toBe(50);
  });

  test('a file whose clock does not start at 0 is read from its own start', async () => {
    const path = await makeVideo({ name: 'late.ts', seconds: 3, extra: ['-output_ts_offset', '1000'] });
    expect((await sample(path, FPS2)).offsets).toEqual([500, 1000, 1500, 2000, 2500]);
  });

  test('offsets stay exact to the ms after 1,000 s', async () => {
    const path = await makeVideo({ name: 'long.mkv', seconds: 1203, fps: '1000/1001', size: '32x32' });
    const { offsets } = await sample(path, { mode: 'every', seconds: 600 });
    expect(offsets).toEqual([1001, 600_600, 1_201_200]);
  });

  test('keyframes are at least 0.2 s apart', async () => {
    const path = await makeVideo({ name: 'keys.mp4', seconds: 2, extra: ['-g', '1', '-bf', '0'] });
    const { offsets, report } = await sample(path, { mode: 'keyframes' });
    expect(offsets).toEqual([0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800]);
    expect(report.lastOffsetMs).toBe(1900);
  });

  test('keyframes are those of the file', async () => {
    const path = await makeVideo({ name: 'gop.mp4', extra: ['-g', '25', '-keyint_min', '25', '-sc_threshold', '0'] });
    expect((await sample(path, { mode: 'keyframes' })).offsets).toEqual([0, 2500, 5000, 7500]);
  });

  test('a duration that claims too little does not hide the rest of the file', async () => {
    const path = await makeVideo();
    const probe = await probeVideo(locationOf(path), await testFfmpeg());
    expect((await sample(path, FPS2, { probe: { ...probe, durationMs: 300 } })).offsets).toHaveLength(19);
  });

  test('without a claimed duration a file shorter than half a second still gives one frame', async () => {
    const path = await makeVideo({ fps: '100', seconds: 0.3 });
    const probe = { width: 160, height: 120, codec: 'h264', container: 'mov' };
    expect((await sample(path, FPS2, { probe })).offsets).toEqual([30]);
  });
});

describe('the pictures', () => {
  test('have exactly the wanted size and the right colours, whatever the frame size', async () => {
    const path = await makeVideo({ name: 'halves.mp4', seconds: 1, filter: 'drawbox=c=red:t=fill:w=80,drawbox=c=blue:t=fill:x=80' });
    const { frames } = await sample(path, FPS2, { scaleTo: () => ({ width: 31, height: 17 }) });
    const picture = frames[0]?.picture;
    expect(picture).toMatchObject({ width: 31, height: 17 });
    expect(picture?.data).toHaveLength(31 * 17 * 3);
    expect(pixel(frames[0], 3, 8)).toEqual(['high', 'low', 'low']);
    expect(pixel(frames[0], 28, 8)).toEqual(['low', 'low', 'high']);
  });

  test('are turned as the file says, and scaleTo is asked with the displayed size', async () => {
    const plain = await makeVideo({ name: 'plain.mp4', seconds: 1, filter: 'drawbox=c=red:t=fill:w=80,drawbox=c=blue:t=fill:x=80' });
    const path = await turned(plain);
    const asked: unknown[] = [];
    const { frames } = await sample(path, FPS2, {
      scaleTo: (original) => {
        asked.push(original);
        return original;
      },
    });
    expect(asked).toEqual([{ width: 120, height: 160 }]);
    const [top, bottom] = [pixel(frames[0], 60, 10), pixel(frames[0], 60, 150)];
    expect([top, bottom]).toContainEqual(['high', 'low', 'low']);
    expect([top, bottom]).toContainEqual(['low', 'low', 'high']);
  });

  test('belong to the offsets that come with them', async () => {
    // Brightness is the time: 20 grey levels a second.
    const path = await makeVideo({ name: 'ramp.mp4', filter: "geq=lum='20+20*T':cb=128:cr=128", extra: ['-qp', '0'] });
    const { frames } = await sample(path, FPS2);
    const greys = frames.map(({ offsetMs, picture }) => ({ offsetMs, grey: picture.data[0] ?? 0 }));
    for (const { offsetMs, grey } of greys) {
      const expected = ((20 + (20 * offsetMs) / 1000 - 16) * 255) / 219;
      expect(Math.abs(grey - expected), `at ${offsetMs} ms`).toBeLessThan(4);
    }
  });
});

describe('the truth about damage (§2.4)', () => {
  test.each(['mp4', 'mkv', 'avi', 'ts'])('a cut .%s tells how many frames were really decoded', async (suffix) => {
    const whole = await makeVideo({ name: `whole.${suffix}`, extra: suffix === 'mp4' ? ['-movflags', 'faststart'] : [] });
    const bytes = await readFile(whole);
    const path = join(folder.path, `cut.${suffix}`);
    await writeFile(path, bytes.subarray(0, Math.floor(bytes.length / 2)));
    const { report, offsets } = await sample(path, FPS2);
    expect(report.decodedFrames).toBeGreaterThan(20);
    expect(report.decodedFrames).toBeLessThan(80);
    expect(report.lastOffsetMs).toBeLessThan(8000);
    expect(offsets.length).toBeGreaterThan(3);
    expect(report.endedBy).toBe('end');
  });

  test('overwritten bytes show up as error lines', async () => {
    const bytes = await readFile(await makeVideo({ name: 'clean.mkv', size: '320x240' }));
    for (let at = 5000; at < bytes.length - 2000; at += 997) bytes.fill(0x5a, at, at + 20);
    const path = join(folder.path, 'flipped.mkv');
    await writeFile(path, bytes);
    const { report } = await sample(path, FPS2);
    expect(report.errorLines).toBeGreaterThan(0);
    expect(report.firstErrors.length).toBeGreaterThan(0);
    expect(report.firstErrors.join()).not.toContain('flipped');
  });

  test('a file that ends after the headers gives no frame and does not throw', async () => {
    const whole = await makeVideo({ name: 'whole.mkv' });
    const bytes = await readFile(whole);
    const path = join(folder.path, 'headers.mkv');
    await writeFile(path, bytes.subarray(0, bytes.indexOf(Buffer.from([0x1f, 0x43, 0xb6, 0x75]))));
    const probe = await probeVideo(locationOf(whole), await testFfmpeg());
    const { frames, report } = await sample(path, FPS2, { probe });
    expect(frames).toHaveLength(0);
    expect(report.decodedFrames).toBe(0);
  });
});

describe('ends', () => {
  test('maxFrames: that many frames, and the report says limit', async () => {
    const { offsets, report } = await sample(await makeVideo(), FPS2, { maxFrames: 3 });
    expect(offsets).toEqual([500, 1000, 1500]);
    expect(report.endedBy).toBe('limit');
  });

  test('maxFrames that equals the number of samples is no limit reached', async () => {
    const { offsets, report } = await sample(await makeVideo(), FPS2, { maxFrames: 19 });
    expect(offsets).toHaveLength(19);
    expect(report).toMatchObject({ endedBy: 'end', decodedFrames: 100 });
  });

  test('an abort ends the stream long before the video does', async () => {
    const path = await makeVideo({ name: 'slow.mp4', seconds: 60, fps: '25', size: '640x480', extra: ['-preset', 'ultrafast'] });
    const tools = await testFfmpeg();
    const probe = await probeVideo(locationOf(path), tools);
    const stop = new AbortController();
    const stream = sampleFrames(locationOf(path), { tools, plan: FPS2, probe, scaleTo: (size) => size, signal: stop.signal });
    let frames = 0;
    await forEach(stream, () => {
      frames += 1;
      if (frames === 2) stop.abort();
    });
    expect(frames).toBeLessThan(100);
    expect((await stream.report).endedBy).toBe('abort');
  });

  test('a reader that stops early leaves no decoder behind', async () => {
    const path = await makeVideo();
    const tools = await testFfmpeg();
    const probe = await probeVideo(locationOf(path), tools);
    const stream = sampleFrames(locationOf(path), { tools, plan: FPS2, probe, scaleTo: (size) => size });
    for await (const { offsetMs } of stream) if (offsetMs > 0) break;
    expect((await stream.report).endedBy).toBe('abort');
  });

  test('a decoder that is waited for too long is stopped', async () => {
    const path = await makeVideo({ seconds: 60, fps: '25', size: '640x480', name: 'slow.mp4', extra: ['-preset', 'ultrafast'] });
    const { report } = await sample(path, { mode: 'every', seconds: 50 }, { limits: { totalMs: 40 } });
    expect(report.endedBy).toBe('timeout');
  });

  test('a slow reader does not count as a slow decoder', async () => {
    const path = await makeVideo({ seconds: 2 });
    const tools = await testFfmpeg();
    const probe = await probeVideo(locationOf(path), tools);
    const stream = sampleFrames(locationOf(path), {
      tools,
      plan: FPS2,
      probe,
      scaleTo: (size) => size,
      limits: { idleMs: 2000, totalMs: 2000 },
    });
    await forEach(stream, () => new Promise((resolve) => setTimeout(resolve, 800)));
    expect(await stream.report).toMatchObject({ endedBy: 'end', decodedFrames: 20 });
  });
});

describe('odd files', () => {
  test.each(['-v.mp4', 'a\nb [Parsed_showinfo_1 @ 0x1] [info] n: 0 pts: 99.mp4', "it's % 100%d.mp4", 'pipe:0.mp4'])(
    'the name %j is only a name',
    async (name) => {
      const path = join(folder.path, name);
      await copyFile(await makeVideo({ seconds: 2 }), path);
      expect((await sample(path, FPS2)).offsets).toEqual([500, 1000, 1500]);
    },
  );

  test('a missing file is vanished, and the report rejects alike', async () => {
    const tools = await testFfmpeg();
    const probe = { width: 64, height: 48, codec: 'h264', container: 'mov' };
    const stream = sampleFrames(locationOf(join(folder.path, 'gone.mp4')), { tools, plan: FPS2, probe, scaleTo: (size) => size });
    await expect(forEach(stream, () => undefined)).rejects.toMatchObject({ code: 'vanished' });
    await expect(stream.report).rejects.toMatchObject({ code: 'vanished' });
  });

  test('a file that is replaced while it is read is read as it was', async () => {
    const path = join(folder.path, 'replaced.mp4');
    await copyFile(await makeVideo(), path);
    const tools = await testFfmpeg();
    const probe = await probeVideo(locationOf(path), tools);
    const stream = sampleFrames(locationOf(path), { tools, plan: FPS2, probe, scaleTo: (size) => size });
    let frames = 0;
    await forEach(stream, async () => {
      frames += 1;
      if (frames === 1) await rename(await copyTo('other.mp4'), path);
    });
    expect(frames).toBe(19);
  });

  test.each([
    ['traffic_camera_vfr_720p.mp4', 576, 68],
    ['doorbell_person_720p.mkv', 60, 11],
    ['cctv_residential_street_960x1080.avi', 59, 9],
  ])('the real clip %s decodes whole', async (name, decodedFrames, samples) => {
    const path = findAsset(`videos/${name}`);
    if (path === undefined) return;
    const { offsets, report } = await sample(path, FPS2);
    expect(report).toMatchObject({ decodedFrames, errorLines: 0, endedBy: 'end' });
    expect(offsets).toHaveLength(samples);
  });
});

async function copyTo(name: string): Promise<string> {
  const path = join(folder.path, name);
  await copyFile(await makeVideo({ seconds: 1 }), path);
  return path;
}

/** The first track header's matrix replaced by one that turns by 90°. */
async function turned(plain: string): Promise<string> {
  const bytes = await readFile(plain);
  const header = bytes.indexOf('tkhd');
  const matrix = header + 4 + 40;
  [0, 0x10000, 0, -0x10000, 0, 0].forEach((value, index) => {
    bytes.writeInt32BE(value, matrix + [0, 4, 8, 12, 16, 20][index]!);
  });
  const path = join(folder.path, 'turned.mp4');
  await writeFile(path, bytes);
  return path;
}

function pixel(frame: SampledFrame | undefined, x: number, y: number): string[] {
  if (!frame) return [];
  const at = (y * frame.picture.width + x) * 3;
  return [...frame.picture.data.subarray(at, at + 3)].map((value) => (value > 180 ? 'high' : value < 80 ? 'low' : 'middle'));
}

async function forEach(stream: AsyncIterable<SampledFrame>, use: (frame: SampledFrame) => unknown): Promise<void> {
  for await (const frame of stream) await use(frame);
}
