import { describe, expect, test } from 'vitest';

import { readExifTimes } from '../../../../src/media/still/read-exif-times.ts';

type Tags = Record<number, string>;

/** A TIFF block with one EXIF folder of text tags. */
function exifBlock(tags: Tags, options: { little?: boolean; prefix?: boolean } = {}): Buffer {
  const { little = true, prefix = true } = options;
  const entries = Object.entries(tags);
  const textsAt = 26 + 2 + entries.length * 12 + 4;
  const bytes = Buffer.alloc(textsAt + entries.length * 40);
  const u16 = (value: number, at: number): unknown => (little ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at));
  const u32 = (value: number, at: number): unknown => (little ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at));
  bytes.write(little ? 'II' : 'MM', 0, 'latin1');
  u16(42, 2);
  u32(8, 4);
  u16(1, 8);
  u16(0x8769, 10);
  u16(4, 12);
  u32(1, 14);
  u32(26, 18);
  u16(entries.length, 26);
  entries.forEach(([tag, text], index) => {
    const at = 28 + index * 12;
    u16(Number(tag), at);
    u16(2, at + 2);
    u32(text.length + 1, at + 4);
    if (text.length + 1 <= 4) bytes.write(text, at + 8, 'latin1');
    else {
      u32(textsAt + index * 40, at + 8);
      bytes.write(text, textsAt + index * 40, 'latin1');
    }
  });
  return prefix ? Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), bytes]) : bytes;
}

const ORIGINAL = 0x9003;
const DIGITIZED = 0x9004;

describe('times of a picture', () => {
  test.each([[{ little: true }], [{ little: false }], [{ prefix: false }]])('original time, fraction and offset %j', (options) => {
    const tags = { [ORIGINAL]: '2026:01:14 08:15:00', 0x9291: '12', 0x9011: '+01:00' };
    expect(readExifTimes(exifBlock(tags, options))).toEqual({ dateTimeOriginal: '2026:01:14 08:15:00', subSec: '12', offset: '+01:00' });
  });

  test('the digitized time stands in for a missing or zeroed original, with its own fraction', () => {
    const digitized = { [DIGITIZED]: '2026:01:14 08:15:01', 0x9292: '5', 0x9291: '7' };
    expect(readExifTimes(exifBlock(digitized))).toEqual({ dateTimeOriginal: '2026:01:14 08:15:01', subSec: '5' });
    expect(readExifTimes(exifBlock({ [ORIGINAL]: '0000:00:00 00:00:00', ...digitized }))?.dateTimeOriginal).toBe('2026:01:14 08:15:01');
    expect(readExifTimes(exifBlock({ [ORIGINAL]: '    :  :     :  :  ' }))).toBeUndefined();
  });

  test('nonsense is handed on, not rolled over into another month', () => {
    expect(readExifTimes(exifBlock({ [ORIGINAL]: '2026:13:45 25:61:61' }))?.dateTimeOriginal).toBe('2026:13:45 25:61:61');
  });
});

describe('damage', () => {
  test('nothing, text and a block of zeros tell nothing', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('II'), Buffer.from('hello world'), Buffer.alloc(500), exifBlock({})]) {
      expect(readExifTimes(bytes)).toBeUndefined();
    }
  });

  test('a block cut anywhere, or with any byte overwritten, never throws', () => {
    const whole = exifBlock({ [ORIGINAL]: '2026:01:14 08:15:00' });
    for (let length = 0; length < whole.length; length += 1) expect(() => readExifTimes(whole.subarray(0, length))).not.toThrow();
    for (let at = 0; at < whole.length; at += 1) {
      for (const value of [0, 0x7f, 0xff]) {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        expect(() => readExifTimes(bytes)).not.toThrow();
      }
    }
  });
});
