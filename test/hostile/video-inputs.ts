import { readFile } from 'node:fs/promises';

import { makeFootage } from '../helpers/footage.ts';
import { fileInput, flipped, shortened, type HostileInput } from './hostile-input.ts';

type ClipOptions = { name: string; seconds?: number; fps?: string; size?: string; extra?: readonly string[]; hue?: number };

/** A moving test picture, made once and kept; `hue` makes clips differ. */
export async function clip({ name, seconds = 4, fps = '10', size = '160x120', extra = [], hue = 0 }: ClipOptions): Promise<Buffer> {
  const codec = name.endsWith('.avi') ? 'mpeg4' : name.endsWith('.mpg') ? 'mpeg1video' : 'libx264';
  const speed = codec === 'libx264' ? ['-preset', 'ultrafast', '-g', '20'] : ['-q:v', '5'];
  const path = await makeFootage(name, [
    ...['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=${fps}:duration=${String(seconds)}`],
    ...['-vf', `hue=h=${String(hue)}`, '-c:v', codec, ...speed, '-threads', '1', '-pix_fmt', 'yuv420p', ...extra],
  ]);
  return readFile(path);
}

export async function goodVideos(): Promise<HostileInput[]> {
  const names = ['mp4', 'mov', 'mkv', 'avi', 'ts', 'flv', 'mpg', 'm4v', '3gp', 'h264'];
  return Promise.all(
    names.map(async (suffix, index) => {
      const rate = suffix === 'mpg' ? '25' : '10';
      const bytes = await clip({ name: `good.${suffix}`, hue: 10 * index, fps: rate });
      return fileInput('good video', `good/clip-${suffix}.${suffix}`, bytes, 'in');
    }),
  );
}

export async function damagedVideos(): Promise<HostileInput[]> {
  const sources: [string, Buffer, string[]][] = [
    ['mp4', await clip({ name: 'cut.mp4', hue: 120 }), ['truncated', 'decode_failed']],
    ['mkv', await clip({ name: 'cut.mkv', hue: 121 }), ['truncated', 'decode_failed', 'no_frames']],
    ['avi', await clip({ name: 'cut.avi', hue: 122 }), ['truncated', 'decode_failed', 'no_frames']],
    ['flv', await clip({ name: 'cut.flv', hue: 123 }), ['truncated', 'decode_failed', 'no_frames', 'listed']],
    // Nothing in a transport stream says how long it should be.
    ['ts', await clip({ name: 'cut.ts', hue: 124 }), ['listed']],
  ];
  const torn = sources.flatMap(([suffix, bytes, outcomes]) =>
    [0.03, 0.4, 0.8].map((share) =>
      fileInput('torn video', `torn/${suffix}-${String(share * 100)}.${suffix}`, shortened(bytes, share), ...outcomes),
    ),
  );
  const hit = sources.flatMap(([suffix, bytes]) =>
    [1, 2, 3].map((seed) =>
      fileInput('flipped bytes', `flipped/${suffix}-${String(seed)}.${suffix}`, flipped(bytes, 20 * seed, seed + 40), 'listed'),
    ),
  );
  const indexFirst = await clip({ name: 'index-first.mp4', hue: 125, extra: ['-movflags', '+faststart'] });
  return [
    ...torn,
    ...hit,
    fileInput('torn video', 'torn/index-first-40.mp4', shortened(indexFirst, 0.4), 'truncated'),
    fileInput('torn video', 'torn/index-first-90.mp4', shortened(indexFirst, 0.9), 'truncated'),
  ];
}

/** Header fields that promise far more, or other things, than the file holds. */
export async function lyingVideos(): Promise<HostileInput[]> {
  const lie = (name: string, bytes: Buffer, ...outcomes: string[]): HostileInput =>
    fileInput('lying video', `lies/${name}`, bytes, ...outcomes);
  const mp4 = async (hue: number): Promise<Buffer> => clip({ name: 'lie.mp4', hue, seconds: 2 });
  const mkv = async (hue: number): Promise<Buffer> => clip({ name: 'lie.mkv', hue, seconds: 2 });
  const avi = async (hue: number): Promise<Buffer> => clip({ name: 'lie.avi', hue, seconds: 2 });
  const tenHours = 10 * 3600;
  return [
    lie('claims-10-hours.mp4', claimingSeconds(await mp4(200), tenHours), 'listed'),
    lie('claims-136-years.mp4', claimingSeconds(await mp4(201), 0xffff_fff0), 'listed'),
    lie('claims-10-hours.mkv', patchFloat(await mkv(202), '4489', tenHours * 1000), 'truncated'),
    lie('claims-1e18.mkv', patchFloat(await mkv(203), '4489', 1e18), 'listed'),
    lie('claims-infinity.mkv', patchFloat(await mkv(204), '4489', Infinity), 'listed'),
    lie('claims-nan.mkv', patchFloat(await mkv(205), '4489', NaN), 'listed'),
    lie('claims-negative.mkv', patchFloat(await mkv(206), '4489', -5), 'listed'),
    lie('claims-4G-frames.avi', patchAfter(await avi(207), 'avih', 24, u32le(0xffff_ffff)), 'listed'),
    lie('rate-by-zero.avi', patchAfter(await avi(208), 'strh', 24, Buffer.concat([u32le(0), u32le(0)])), 'listed'),
    lie('rate-1e9.avi', patchAfter(await avi(209), 'strh', 24, Buffer.concat([u32le(1), u32le(1_000_000_000)])), 'listed'),
    lie('65535-square.mp4', withSize(await mp4(210), 65_535), 'listed'),
    lie('65535-square.avi', patchAfter(patchAfter(await avi(211), 'avih', 40, both32(65_535)), 'strf', 8, both32(65_535)), 'listed'),
    lie('2G-samples.mp4', patchAfter(await mp4(212), 'stsz', 8, Buffer.concat([u32be(1), u32be(0x7fff_ffff)])), 'listed'),
    lie('4G-times.mp4', patchAfter(await mp4(213), 'stts', 12, u32be(0xffff_ffff)), 'listed'),
    lie('time-step-2G.mp4', patchAfter(await mp4(214), 'stts', 16, u32be(0x7fff_ffff)), 'listed'),
    lie('chunks-elsewhere.mp4', patchAfter(await mp4(215), 'stco', 12, u32be(0xffff_fff0)), 'listed'),
    lie('box-of-4G.mp4', patchBefore(await mp4(216), 'mdat', u32be(0xffff_ffff)), 'listed'),
    lie('box-in-itself.mp4', patchBefore(await mp4(217), 'trak', u32be(0x7fff_ffff)), 'listed'),
    lie('no-timescale.mp4', patchAfter(await mp4(218), 'mdhd', 16, u32be(0)), 'listed'),
    lie('unknown-codec.mp4', withCodec(await mp4(219), 'zzzz'), 'unsupported_codec', 'decode_failed', 'no_frames'),
    lie('made-in-year-1904.mp4', patchAfter(await mp4(220), 'mvhd', 8, u32be(1)), 'in'),
    lie('external-data.mov', withExternalData(await clip({ name: 'lie.mov', hue: 221, seconds: 2 })), 'listed'),
  ];
}

/** Small files that unpack to much, and frames whose times are nonsense. */
export async function videoBombs(): Promise<HostileInput[]> {
  const bomb = (name: string, bytes: Buffer, ...outcomes: string[]): HostileInput =>
    fileInput('video bomb', `lies/${name}`, bytes, ...outcomes);
  const tiny = { size: '32x32', extra: ['-g', '20000'] };
  const ten = ['-f', 'mp4', '-video_track_timescale', '1000'];
  return [
    bomb('20000-frames.mp4', await clip({ ...tiny, name: 'frames.mp4', seconds: 20, fps: '1000' }), 'in'),
    bomb(
      '10-hours.mp4',
      await clip({
        ...tiny,
        name: 'hours.mp4',
        seconds: tenHoursOf(0.1),
        fps: '1',
        extra: ['-vf', 'setpts=10*PTS', '-g', '20000', ...ten, '-r', '0.1'],
      }),
      'listed',
    ),
    bomb(
      'one-frame-an-hour.mkv',
      await clip({ ...tiny, name: 'slow.mkv', seconds: 2000, fps: '1', extra: ['-vf', 'setpts=3600*PTS', '-vsync', 'vfr'] }),
      'listed',
    ),
    bomb(
      'backwards.ts',
      Buffer.concat([
        await clip({ name: 'late.ts', hue: 230, extra: ['-output_ts_offset', '5000'] }),
        await clip({ name: 'early.ts', hue: 231 }),
      ]),
      'listed',
    ),
    bomb(
      'size-changes.ts',
      Buffer.concat([await clip({ name: 'small.ts', hue: 232 }), await clip({ name: 'large.ts', hue: 233, size: '1280x720' })]),
      'listed',
    ),
    bomb('8k.mp4', await clip({ name: '8k.mp4', seconds: 1, fps: '2', size: '7680x4320' }), 'in'),
    bomb(
      '8k-in-mid-file.ts',
      Buffer.concat([await clip({ name: 'small.ts', hue: 234 }), await clip({ name: '8k.ts', seconds: 1, fps: '2', size: '7680x4320' })]),
      'listed',
    ),
    bomb('larger-than-8k.h264', parameterSets(1024, 1024), 'listed'),
  ];
}

function tenHoursOf(framesPerSecond: number): number {
  return 36_000 * framesPerSecond;
}

function u32be(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function u32le(value: number): Buffer {
  return Buffer.from(u32be(value)).reverse();
}

function both32(value: number): Buffer {
  return Buffer.concat([u32le(value), u32le(value)]);
}

/** Overwrites bytes `offset` after the end of a four-letter name (after its start with `skip` 0). */
function patchAfter(bytes: Buffer, name: string, offset: number, value: Buffer, skip = 4): Buffer {
  const at = bytes.indexOf(name, 0, 'latin1');
  if (at < 0) throw new Error(`there is no ${name} in this file`);
  value.copy(bytes, at + skip + offset);
  return bytes;
}

function patchBefore(bytes: Buffer, name: string, value: Buffer): Buffer {
  return patchAfter(bytes, name, -value.length, value, 0);
}

/** Durations of the movie, the track and its media, at their time scales, as far as 32 bits go. */
function claimingSeconds(bytes: Buffer, seconds: number): Buffer {
  for (const name of ['mvhd', 'mdhd']) {
    const at = bytes.indexOf(name, 0, 'latin1') + 4;
    const scale = bytes.readUInt32BE(at + 12);
    bytes.writeUInt32BE(Math.min(0xffff_ffff, seconds * scale), at + 16);
    if (name === 'mvhd') patchAfter(bytes, 'tkhd', 20, u32be(Math.min(0xffff_ffff, seconds * scale)));
  }
  return bytes;
}

/** The 8-byte float behind an EBML id. */
function patchFloat(bytes: Buffer, id: string, value: number): Buffer {
  const at = bytes.indexOf(Buffer.from(`${id}88`, 'hex'));
  if (at < 0) throw new Error(`there is no element ${id} in this file`);
  bytes.writeDoubleBE(value, at + 3);
  return bytes;
}

/** Where the name of the codec stands: the same letters come earlier as a brand of the file. */
function sampleEntryOf(bytes: Buffer): number {
  return bytes.indexOf('avc1', bytes.indexOf('stsd'), 'latin1');
}

function withCodec(bytes: Buffer, name: string): Buffer {
  bytes.write(name, sampleEntryOf(bytes), 'latin1');
  return bytes;
}

function withSize(bytes: Buffer, side: number): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt16BE(side, 0);
  size.writeUInt16BE(side, 2);
  patchAfter(bytes, 'tkhd', 76, Buffer.concat([u32be(side << 16), u32be(side << 16)]));
  size.copy(bytes, sampleEntryOf(bytes) + 28);
  return bytes;
}

/** The data reference of a QuickTime file names another file. */
function withExternalData(bytes: Buffer): Buffer {
  return patchAfter(bytes, 'dref', 15, Buffer.from([0]));
}

/** An H.264 stream of parameter sets alone, for a picture of so many 16-pixel blocks. */
function parameterSets(blocksWide: number, blocksHigh: number): Buffer {
  const golomb = (value: number): string => '0'.repeat((value + 1).toString(2).length - 1) + (value + 1).toString(2);
  const fields = [0, 0, 0, 0, 4].map(golomb).join('');
  const bits = `${fields}0${golomb(blocksWide - 1)}${golomb(blocksHigh - 1)}1100 01`.replaceAll(' ', '');
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
  const payload = Buffer.from((padded.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const sequence = Buffer.concat([Buffer.from([0, 0, 0, 1, 0x67, 66, 0, 51]), payload]);
  const picture = Buffer.from([0, 0, 0, 1, 0x68, 0xce, 0x38, 0x80]);
  const slice = Buffer.from([0, 0, 0, 1, 0x65, 0x88, 0x84, 0x21, 0xa0]);
  return Buffer.concat([...Array.from({ length: 8 }, () => Buffer.concat([sequence, picture, slice]))]);
}
