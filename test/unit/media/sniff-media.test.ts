import { open } from 'node:fs/promises';

import { describe, expect, test } from 'vitest';

import { sniffMedia } from '../../../src/media/sniff-media.ts';
import { findAsset, makeFootage, makeStill, makeVideo } from '../../helpers/footage.ts';

const pad = (text: string, size = 4096): Uint8Array => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(size)]).subarray(0, size);

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  const buffer = Buffer.alloc(4096);
  const { bytesRead } = await file.read(buffer, 0, 4096, 0);
  await file.close();
  return buffer.subarray(0, bytesRead);
}

function codeOf(head: Uint8Array, suffix: string): unknown {
  try {
    return sniffMedia(head, suffix);
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe('too little', () => {
  test.each([
    ['nothing', 0, 'zero_bytes'],
    ['one byte', 1, 'too_small'],
    ['127 bytes', 127, 'too_small'],
  ])('%s', (_, size, code) => {
    expect(codeOf(pad('\xff\xd8\xff', size), 'jpg')).toBe(code);
  });

  test('128 bytes are enough', () => {
    expect(codeOf(pad('\xff\xd8\xff', 128), 'jpg')).toEqual({ mediaType: 'image' });
  });
});

describe('stills', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'tiff'] as const)('%s', async (format) => {
    const head = (await makeStill({ format, width: 640, height: 480 })).subarray(0, 4096);
    expect(sniffMedia(head, `.${format}`)).toEqual({ mediaType: 'image' });
    expect(sniffMedia(head, 'photo.JPG')).toEqual({ mediaType: 'image' });
    expect(codeOf(head, 'mp4')).toBe('not_media');
  });

  test('a bitmap', () => {
    expect(sniffMedia(pad('BM\x36\x10\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0'), 'bmp')).toEqual({ mediaType: 'image' });
    expect(codeOf(pad('BMW is a maker of cars'), 'bmp')).toBe('not_media');
  });

  test('HEIC and AVIF have their own code', () => {
    expect(codeOf(pad('\0\0\0\x18ftypheic'), 'jpg')).toBe('unsupported_container');
    expect(codeOf(pad('\0\0\0\x18ftypavif'), 'png')).toBe('unsupported_container');
  });
});

describe('videos', () => {
  test.each(['mp4', 'mov', 'm4v', '3gp', 'mkv', 'avi', 'ts', 'm2ts', 'flv', 'mpg', 'h264'])('.%s', async (suffix) => {
    const codec = suffix === 'mpg' ? ['-c:v', 'mpeg2video'] : [];
    const path = await makeVideo({ name: `sniff.${suffix}`, seconds: 2, fps: '25', extra: codec });
    expect(sniffMedia(await headOf(path), suffix)).toEqual({ mediaType: 'video' });
  });

  test('.h265 and a transport stream that begins in the middle of a packet', async () => {
    const h265 = await makeFootage('sniff.h265', ['-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=10:duration=1', '-c:v', 'libx265']);
    expect(sniffMedia(await headOf(h265), 'h265')).toEqual({ mediaType: 'video' });
    const ts = await headOf(await makeVideo({ name: 'sniff.ts', seconds: 2, fps: '25' }));
    expect(sniffMedia(ts.subarray(77), 'ts')).toEqual({ mediaType: 'video' });
  });

  test("a recorder's own header before the first start code is allowed for raw streams only", () => {
    const head = pad('HXVS\x80\x07\0\0\x38\x04\0\0 maker stuff \0\0\0\x01\x67');
    expect(sniffMedia(head, '264')).toEqual({ mediaType: 'video' });
    expect(codeOf(head, 'mp4')).toBe('not_media');
    expect(sniffMedia(pad('DHAV\xfd\0\0\0'), 'dav')).toEqual({ mediaType: 'video' });
  });

  test('a still suffix with video bytes is read as video, with a warning', async () => {
    const head = await headOf(await makeVideo({ seconds: 1 }));
    expect(sniffMedia(head, '.jpg')).toEqual({ mediaType: 'video', warning: expect.stringContaining('.jpg') as string });
  });
});

describe('what is not media', () => {
  test.each([
    ['a playlist', '#EXTM3U\n#EXTINF:10,\n../private/cam2.ts\n', 'mp4'],
    ['a playlist', '#EXTM3U\n', 'ts'],
    ['plain text', "ffconcat version 1.0\nfile '../private/cam2.ts'\n", 'mkv'],
    ['plain text', 'v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n', 'mp4'],
    ['a web page', '\n<!DOCTYPE html><html>', 'avi'],
    ['a web page', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', 'png'],
    ['plain text', 'const x: number = 1;\n', 'ts'],
  ])('%s', (what, text, suffix) => {
    const head = Buffer.from(text.padEnd(400, ' '));
    expect(codeOf(head, suffix)).toBe('not_media');
    expect(() => sniffMedia(head, suffix)).toThrow(what);
  });

  test('zeros, noise, a zip and a program', () => {
    const noise = Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919 + (index >> 3) * 104_729) % 251);
    for (const head of [pad(''), noise, pad('PK\x03\x04'), pad('\x7fELF')]) expect(codeOf(head, 'mp4')).toBe('not_media');
  });

  test('.bvr is a container that is not supported', () => {
    expect(codeOf(pad('BLUEIRIS'), 'bvr')).toBe('unsupported_container');
  });

  test('the real page that is named .avi', async () => {
    const path = findAsset('odd/vtest_broken.avi');
    if (path !== undefined) expect(codeOf(await headOf(path), path)).toBe('not_media');
  });
});
