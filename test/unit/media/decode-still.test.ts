import { deflateSync } from 'node:zlib';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { decodeStill, type DecodedStill } from '../../../src/media/decode-still.ts';
import { probeStill } from '../../../src/media/probe-still.ts';
import { findAsset, locationOf, makeFolder, makeFootage, makeStill } from '../../helpers/footage.ts';

let folder: Awaited<ReturnType<typeof makeFolder>>;
let made = 0;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.dispose());

async function put(bytes: Uint8Array): Promise<{ path: string; root: string }> {
  made += 1;
  const path = join(folder.path, `${made}.jpg`);
  await writeFile(path, bytes);
  return locationOf(path);
}

const half = (size: { width: number; height: number }): { width: number; height: number } => ({
  width: size.width / 2,
  height: size.height / 2,
});

async function decode(bytes: Uint8Array): Promise<DecodedStill> {
  return decodeStill(await put(bytes), half);
}

async function codesOf(bytes: Uint8Array): Promise<unknown[]> {
  const location = await put(bytes);
  const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code ?? error;
  return [await decodeStill(location, half).then(() => 'decoded', codeOf), await probeStill(location).then(() => 'probed', codeOf)];
}

function pixel({ picture }: DecodedStill, x: number, y: number): number[] {
  const at = (y * picture.width + x) * 3;
  return [...picture.data.subarray(at, at + 3)];
}

describe('every format and kind of colour becomes packed RGB', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'tiff'] as const)('%s', async (format) => {
    const bytes = await makeStill({ format, width: 128, height: 96 });
    const decoded = await decode(bytes);
    expect(decoded).toMatchObject({ original: { width: 128, height: 96 }, truncated: false, picture: { width: 64, height: 48 } });
    expect(decoded.picture.data).toHaveLength(64 * 48 * 3);
    const [left, right] = [pixel(decoded, 5, 20), pixel(decoded, 58, 20)];
    expect(left[0]).toBeGreaterThan(240);
    expect(left[2]).toBeLessThan(15);
    expect(right[0]).toBeLessThan(15);
    expect(right[2]).toBeGreaterThan(240);
    expect(await probeStill(await put(bytes))).toEqual({ width: 128, height: 96, codec: format });
  });

  const red = { create: { width: 40, height: 32, channels: 3 as const, background: '#ff0000' } };
  test.each<[string, () => Promise<Buffer>]>([
    ['grey JPEG', () => sharp(red).greyscale().jpeg().toBuffer()],
    ['CMYK JPEG', () => sharp(red).toColourspace('cmyk').jpeg().toBuffer()],
    ['progressive JPEG', () => sharp(red).jpeg({ progressive: true }).toBuffer()],
    ['16-bit PNG', () => sharp(red).toColourspace('rgb16').png().toBuffer()],
    ['16-bit grey PNG', () => sharp(red).greyscale().toColourspace('grey16').png().toBuffer()],
    ['PNG with alpha', () => sharp(red).ensureAlpha(0.5).png().toBuffer()],
    ['grey PNG with alpha', () => sharp(red).greyscale().ensureAlpha(0.5).png().toBuffer()],
    ['PNG with a palette', () => sharp(red).png({ palette: true }).toBuffer()],
    ['bilevel TIFF', () => sharp(red).threshold(10).toColourspace('b-w').tiff({ bitdepth: 1 }).toBuffer()],
  ])('%s', async (_, make) => {
    const { picture, truncated } = await decode(await make());
    expect(truncated).toBe(false);
    expect(picture.data).toHaveLength(20 * 16 * 3);
  });

  test('an animation gives its first picture', async () => {
    const path = await makeFootage('two.gif', [
      '-f',
      'lavfi',
      '-i',
      'color=red:size=32x32:rate=1:duration=1',
      '-f',
      'lavfi',
      '-i',
      'color=blue:size=32x32:rate=1:duration=1',
      '-filter_complex',
      '[0][1]concat',
    ]);
    const decoded = await decodeStill(locationOf(path), half);
    expect(decoded.original).toEqual({ width: 32, height: 32 });
    expect(pixel(decoded, 8, 8)[0]).toBeGreaterThan(200);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i is applied, sizes are as displayed', async (orientation) => {
    const bytes = await makeStill({ width: 64, height: 48, orientation });
    const decoded = await decode(bytes);
    const isTurned = orientation > 4;
    const displayed = isTurned ? { width: 48, height: 64 } : { width: 64, height: 48 };
    expect(decoded.original).toEqual(displayed);
    expect(await probeStill(await put(bytes))).toMatchObject(displayed);
    // The red half is on the left in the file.
    const sides = {
      left: pixel(decoded, 3, 10),
      right: pixel(decoded, decoded.picture.width - 4, 10),
      top: pixel(decoded, 10, 3),
      bottom: pixel(decoded, 10, decoded.picture.height - 4),
    };
    const redSide = ({ 1: 'left', 2: 'right', 3: 'right', 4: 'left', 5: 'top', 6: 'top', 7: 'bottom', 8: 'bottom' } as const)[
      orientation as 1
    ];
    const blueSide = ({ left: 'right', right: 'left', top: 'bottom', bottom: 'top' } as const)[redSide];
    expect(sides[redSide][0]).toBeGreaterThan(200);
    expect(sides[blueSide][2]).toBeGreaterThan(200);
  });

  test('a size that is no whole number is rounded, never below one pixel', async () => {
    const location = await put(await makeStill());
    expect((await decodeStill(location, () => ({ width: 10.6, height: 0.2 }))).picture).toMatchObject({ width: 11, height: 1 });
  });
});

describe('bitmaps, which libvips does not read', () => {
  test.each(['bgr24', 'bgra'])('%s', async (format) => {
    const path = await makeFootage(`${format}.bmp`, [
      '-f',
      'lavfi',
      '-i',
      'color=red:size=66x40:rate=1:duration=1',
      '-vf',
      'drawbox=c=blue:t=fill:x=34,format=rgb24,scale=33:20',
      '-frames:v',
      '1',
      '-pix_fmt',
      format,
    ]);
    const decoded = await decodeStill(locationOf(path), (size) => size);
    expect(decoded).toMatchObject({ original: { width: 33, height: 20 }, truncated: false });
    expect(pixel(decoded, 2, 2)[0]).toBeGreaterThan(200);
    expect(pixel(decoded, 30, 17)[2]).toBeGreaterThan(200);
    expect(await probeStill(locationOf(path))).toEqual({ width: 33, height: 20, codec: 'bmp' });
  });

  test('a cut one is truncated, a palette one is not supported, a header alone is damaged', async () => {
    const header = (bits: number, height = 20): Buffer => {
      const bytes = Buffer.alloc(54);
      bytes.write('BM', 'latin1');
      bytes.writeUInt32LE(54, 10);
      bytes.writeUInt32LE(40, 14);
      bytes.writeInt32LE(20, 18);
      bytes.writeInt32LE(height, 22);
      bytes.writeUInt16LE(bits, 28);
      return bytes;
    };
    const cut = await decode(Buffer.concat([header(24), Buffer.alloc(600, 255)]));
    expect(cut.truncated).toBe(true);
    // The first half of the bytes is the lower half of the picture.
    expect(pixel(cut, 2, 9)).toEqual([255, 255, 255]);
    expect(pixel(cut, 2, 0)).toEqual([128, 128, 128]);
    expect((await decode(Buffer.concat([header(24, -20), Buffer.alloc(1200, 255)]))).truncated).toBe(false);
    expect(await codesOf(Buffer.concat([header(8), Buffer.alloc(1200)]))).toEqual(['unsupported_codec', 'unsupported_codec']);
    expect(await codesOf(header(24).subarray(0, 40))).toEqual(['decode_failed', 'decode_failed']);
    expect(await codesOf(Buffer.concat([header(24, 2_000_000_000), Buffer.alloc(600)]))).toEqual(['dimensions', 'dimensions']);
  });
});

describe('the truth about damage (§2.4)', () => {
  test.each([0.3, 0.5, 0.9, 0.99, 0.999])('a JPEG cut after %f of it is truncated, whatever size is asked for', async (share) => {
    const noise = Buffer.from(Array.from({ length: 800 * 600 * 3 }, (_, index) => (index * 7919) % 256));
    for (const progressive of [false, true]) {
      const whole = await sharp(noise, { raw: { width: 800, height: 600, channels: 3 } })
        .jpeg({ progressive })
        .toBuffer();
      const location = await put(whole.subarray(0, Math.floor(whole.length * share)));
      for (const scale of [1, 0.5, 0.25, 0.1]) {
        const { truncated, picture } = await decodeStill(location, ({ width, height }) => ({
          width: width * scale,
          height: height * scale,
        }));
        expect({ truncated, width: picture.width }).toEqual({ truncated: true, width: 800 * scale });
      }
    }
  });

  test('a JPEG whose end is zeros, as a broken upload leaves it, is truncated', async () => {
    const whole = await sharp({
      create: { width: 640, height: 480, channels: 3, background: '#777', noise: { type: 'gaussian', mean: 128, sigma: 30 } },
    })
      .jpeg()
      .toBuffer();
    expect((await decode(Buffer.from(whole).fill(0, Math.floor(whole.length / 2)))).truncated).toBe(true);
  });

  test.each(['png', 'gif', 'tiff'] as const)('a cut %s is truncated or refused, never taken for whole', async (format) => {
    const whole = await sharp({
      create: { width: 320, height: 240, channels: 3, background: '#777', noise: { type: 'gaussian', mean: 128, sigma: 30 } },
    })
      .toFormat(format)
      .toBuffer();
    const location = await put(whole.subarray(0, Math.floor(whole.length * 0.7)));
    const outcome = await decodeStill(location, half).then(
      (still) => still.truncated,
      (error: unknown) => (error as { code: string }).code,
    );
    expect([true, 'decode_failed']).toContain(outcome);
  });

  test('bytes after the end of the picture are no damage', async () => {
    expect((await decode(Buffer.concat([await makeStill(), Buffer.alloc(1000, 7)]))).truncated).toBe(false);
  });

  test('empty, text, a page and a header alone cannot be decoded', async () => {
    const jpeg = await makeStill();
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello '.repeat(100)), Buffer.from('<html>'.repeat(50)), jpeg.subarray(0, 150)]) {
      expect(await codesOf(bytes)).toEqual(['decode_failed', 'decode_failed']);
    }
  });
});

describe('hostile pictures', () => {
  test('formats that cameras do not write never reach their decoders', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/></svg>');
    expect(await codesOf(svg)).toEqual(['decode_failed', 'decode_failed']);
  });

  test('a PNG that claims 400 megapixels is refused', async () => {
    expect(await codesOf(pngHeader(20_000, 20_000))).toEqual(['dimensions', 'dimensions']);
  });

  test.each([
    [15, 64, 'dimensions'],
    [64, 15, 'dimensions'],
    [16, 16, 'decoded'],
  ])('a picture of %i × %i: %s', async (width, height, code) => {
    expect((await codesOf(await makeStill({ width, height })))[0]).toBe(code);
  });

  test('mutated pictures never hang and never fail without a code', async () => {
    const originals = await Promise.all(
      (['jpeg', 'png', 'webp', 'gif', 'tiff'] as const).map((format) =>
        makeStill({ format, width: 48, height: 32, ...(format === 'jpeg' && { orientation: 6 }) }),
      ),
    );
    let seed = 42;
    const random = (limit: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % limit;
    };
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(originals[round % originals.length] ?? []);
      for (let flips = 0; flips < 8; flips += 1) bytes[random(bytes.length)] = random(256);
      for (const outcome of await codesOf(bytes)) expect(typeof outcome, String(outcome)).toBe('string');
    }
  });
});

test('the real cut JPEG is truncated, the real grey, CMYK and turned ones are whole', async () => {
  const outcomes = [];
  for (const name of ['truncated_file', 'bw', 'cmyk', 'with_exif_orientation']) {
    const path = findAsset(`odd/african_elephants_${name}.jpg`);
    if (path === undefined) return;
    const { truncated, original } = await decodeStill(locationOf(path), () => ({ width: 416, height: 312 }));
    outcomes.push([name, truncated, original.width]);
  }
  expect(outcomes).toEqual([
    ['truncated_file', true, 2048],
    ['bw', false, 2048],
    ['cmyk', false, 2048],
    ['with_exif_orientation', false, 2048],
  ]);
});

function pngHeader(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, crc]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const data = deflateSync(Buffer.alloc(1000));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
