import { fileInput, noise, type HostileInput } from './hostile-input.ts';
import { goodJpeg } from './picture-inputs.ts';

type Entry = { tag: number; type: number; count: number; value: number | Buffer };

/** A little-endian EXIF block; texts lie behind the two directories. */
function exifBlock(exif: readonly Entry[], main: readonly Entry[] = []): Buffer {
  const mainEntries = [...main, { tag: 0x8769, type: 4, count: 1, value: 8 + 2 + (main.length + 1) * 12 + 4 }];
  const first = 8 + 2 + mainEntries.length * 12 + 4;
  const texts: Buffer[] = [];
  let textAt = first + 2 + exif.length * 12 + 4;
  const directory = (entries: readonly Entry[]): Buffer => {
    const bytes = Buffer.alloc(2 + entries.length * 12 + 4);
    bytes.writeUInt16LE(entries.length, 0);
    entries.forEach(({ tag, type, count, value }, index) => {
      const at = 2 + index * 12;
      bytes.writeUInt16LE(tag, at);
      bytes.writeUInt16LE(type, at + 2);
      bytes.writeUInt32LE(count, at + 4);
      bytes.writeUInt32LE(typeof value === 'number' ? value : textAt, at + 8);
      if (typeof value !== 'number') {
        texts.push(value);
        textAt += value.length;
      }
    });
    return bytes;
  };
  const header = Buffer.from('II*\0\x08\0\0\0', 'latin1');
  const parts = [header, directory(mainEntries), directory(exif)];
  return Buffer.concat([...parts, ...texts]);
}

function takenAt(text: string): Entry {
  const value = Buffer.from(`${text}\0`, 'latin1');
  return { tag: 0x9003, type: 2, count: value.length, value };
}

function withExif(jpeg: Buffer, exif: Buffer): Buffer {
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, 0]), Buffer.from('Exif\0\0', 'latin1'), exif]);
  segment.writeUInt16BE(segment.length - 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

/** Pictures that are fine and lie about when they were taken, or say it with a block no reader should follow. */
export async function exifInputs(): Promise<HostileInput[]> {
  const huge = { tag: 0x9003, type: 2, count: 0xffff_ffff, value: 0xffff_fff0 };
  const blocks: Record<string, Buffer> = {
    'year-9999': exifBlock([takenAt('9999:12:31 23:59:59')]),
    'year-0': exifBlock([takenAt('0000:00:00 00:00:01')]),
    'month-13': exifBlock([takenAt('2026:13:45 99:99:99')]),
    'escape-codes': exifBlock([takenAt('\x1b[31m2026:01:14\x07')]),
    formula: exifBlock([takenAt("=cmd|' /C calc'!A0")]),
    'huge-count': exifBlock([huge]),
    'huge-pointer': exifBlock([], [{ tag: 0x8769, type: 4, count: 1, value: 0xffff_ff00 }]),
    'self-pointer': exifBlock([], [{ tag: 0x8769, type: 4, count: 1, value: 8 }]),
    'orientation-999': exifBlock([takenAt('2026:01:14 08:15:00')], [{ tag: 0x0112, type: 3, count: 1, value: 999 }]),
    garbage: noise(60_000, 31),
    'only-order': Buffer.from('II*\0', 'latin1'),
  };
  const jpegs = await Promise.all(Object.values(blocks).map(async (block, index) => withExif(await goodJpeg(6000 + index), block)));
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0xff, 0xff]), Buffer.alloc(65_533, 0x41)]);
  const profile = Buffer.concat([Buffer.from([0xff, 0xe2, 0xff, 0xff]), Buffer.from('ICC_PROFILE\0\x01\xff', 'latin1'), noise(65_519, 5)]);
  const good = await goodJpeg(6100);
  const stuffed = (segment: Buffer, count: number): Buffer =>
    Buffer.concat([good.subarray(0, 2), ...Array.from({ length: count }, () => segment), good.subarray(2)]);
  return [
    ...Object.keys(blocks).map((name, index) => fileInput('EXIF lie', `exif/${name}.jpg`, jpegs[index] ?? good, 'in')),
    fileInput('metadata bomb', 'exif/comments.jpg', stuffed(comment, 300), 'in', 'decode_failed', 'truncated'),
    fileInput('metadata bomb', 'exif/profiles.jpg', stuffed(profile, 255), 'in', 'decode_failed', 'truncated'),
  ];
}
