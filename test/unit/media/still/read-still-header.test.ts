import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { readMetadata } from '../../../../src/media/still/limited-sharp.ts';
import { readJpegHeader } from '../../../../src/media/still/read-jpeg-header.ts';
import { readStillHeader } from '../../../../src/media/still/read-still-header.ts';

const picture = sharp({ create: { width: 60, height: 40, channels: 3, background: '#987654' } });

let plain: Buffer;
let turned: Buffer;
beforeAll(async () => {
  plain = await picture.clone().jpeg().toBuffer();
  turned = await picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer();
});

describe('a plain JPEG is read without the decoder, and says what the decoder says', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('orientation %i', async (orientation) => {
    const bytes = await picture.clone().withMetadata({ orientation }).jpeg().toBuffer();
    expect(readJpegHeader(bytes)).toMatchObject({ width: 60, height: 40, orientation });
    await expectSameAsDecoder(bytes);
  });

  test('without EXIF, in grey, with other subsampling', async () => {
    expect(readJpegHeader(plain)).toEqual({ width: 60, height: 40, orientation: 1 });
    for (const one of [picture.clone().greyscale().jpeg(), picture.clone().jpeg({ chromaSubsampling: '4:4:4' })]) {
      const bytes = await one.toBuffer();
      expect(readJpegHeader(bytes)).toBeDefined();
      await expectSameAsDecoder(bytes);
    }
  });
});

describe('what is less plain is left to the decoder', () => {
  test.each([
    ['nothing', async () => Buffer.alloc(0)],
    ['its first two bytes', async () => plain.subarray(0, 2)],
    ['a header that ends before the scan', async () => plain.subarray(0, 160)],
    ['a PNG', () => picture.clone().png().toBuffer()],
    ['passes', () => picture.clone().jpeg({ progressive: true }).toBuffer()],
    ['CMYK', () => picture.clone().toColourspace('cmyk').jpeg().toBuffer()],
    ['bytes between segments', async () => Buffer.concat([plain.subarray(0, 2), Buffer.from([0]), plain.subarray(2)])],
    ['a segment that says it is longer than the file', async () => withUint16(plain, 4, 0xffff)],
    ['two frames', async () => twice(plain, 0xc0)],
    ['two EXIF blocks', async () => twice(turned, 0xe1)],
    ['a height of 0', async () => withUint16(plain, frameAt(plain) + 5, 0)],
    ['an orientation of 9', async () => withOrientation(9)],
    ['an EXIF block of nonsense', async () => withUint16(turned, exifAt(turned) + 10, 0x5858)],
  ])('%s', async (_, make) => {
    expect(readJpegHeader(await make())).toBeUndefined();
  });

  test('a damaged header is refused or read as the decoder reads it, wherever one byte is wrong', async () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    const end = turned.indexOf(Buffer.from([0xff, 0xda]));
    let read = 0;
    for (let round = 0; round < 400; round += 1) {
      const bytes = Buffer.from(turned);
      bytes[random(end)] = random(256);
      const [ours, theirs] = [readJpegHeader(bytes), await readMetadata(bytes).catch(() => undefined)];
      if (!ours || !theirs) continue;
      read += 1;
      expect({ width: ours.width, height: ours.height, orientation: ours.orientation }).toEqual({
        width: theirs.width,
        height: theirs.height,
        orientation: theirs.orientation ?? 1,
      });
    }
    expect(read).toBeGreaterThan(200);
  });
});

async function expectSameAsDecoder(bytes: Buffer): Promise<void> {
  const header = await readStillHeader(bytes);
  const { autoOrient, orientation = 1, hasAlpha, format, exif } = await readMetadata(bytes);
  expect(header).toMatchObject({ size: autoOrient, isTurned: orientation > 1, hasAlpha, codec: format });
  expect(header.exif === undefined).toBe(exif === undefined);
}

function segmentAt(bytes: Buffer, marker: number): number {
  return bytes.indexOf(Buffer.from([0xff, marker]));
}

function frameAt(bytes: Buffer): number {
  return segmentAt(bytes, 0xc0);
}

function exifAt(bytes: Buffer): number {
  return segmentAt(bytes, 0xe1);
}

function twice(bytes: Buffer, marker: number): Buffer {
  const at = segmentAt(bytes, marker);
  const end = at + 2 + bytes.readUInt16BE(at + 2);
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at, end), bytes.subarray(end)]);
}

function withUint16(bytes: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt16BE(value, at);
  return changed;
}

/** The value of tag 0x0112 in the little-endian block that libvips writes. */
function withOrientation(value: number): Buffer {
  const changed = Buffer.from(turned);
  const entry = changed.indexOf(Buffer.from([0x12, 0x01, 0x03, 0x00]));
  changed.writeUInt16LE(value, entry + 8);
  return changed;
}
