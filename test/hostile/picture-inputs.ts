import { crc32, createDeflate, deflateSync } from 'node:zlib';

import sharp, { type Sharp } from 'sharp';

import { fileInput, flipped, noise, shortened, type HostileInput } from './hostile-input.ts';

const MEGA = 1_000_000;

/** A small JPEG no two of which are alike. */
export async function goodJpeg(seed: number): Promise<Buffer> {
  return picture(seed).jpeg({ quality: 90 }).toBuffer();
}

function picture(seed: number, width = 64, height = 48): Sharp {
  return sharp(noise(width * height * 3, seed), { raw: { width, height, channels: 3 } });
}

type PngOptions = { width: number; height: number; bitDepth?: number; colourType?: number; interlaced?: boolean; extra?: Buffer[] };

/** The seven pictures an interlaced PNG is made of: first pixel and steps. */
const ADAM7 = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

/** A valid black PNG of any size; a thousandth of its pixels in bytes. */
export async function blackPng(options: PngOptions): Promise<Buffer> {
  const { width, height, bitDepth = 8, colourType = 2, interlaced = false, extra = [] } = options;
  const channels = { 0: 1, 2: 3, 6: 4 }[colourType] ?? 1;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, colourType, 0, 0, interlaced ? 1 : 0], 8);
  const bytesOf = (columns: number, rows: number): number =>
    columns === 0 ? 0 : (1 + Math.ceil((columns * channels * bitDepth) / 8)) * rows;
  const passes = interlaced ? ADAM7 : [{ x: 0, y: 0, dx: 1, dy: 1 }];
  const sizes = passes.map(({ x, y, dx, dy }) => bytesOf(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)));
  const data = await deflatedZeros(sizes.reduce((sum, size) => sum + size, 0));
  const chunks = [chunk('IHDR', header), ...extra, chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

async function deflatedZeros(bytes: number): Promise<Buffer> {
  const deflate = createDeflate({ level: 1 });
  const parts: Buffer[] = [];
  deflate.on('data', (part: Buffer) => parts.push(part));
  const zeros = Buffer.alloc(4 << 20);
  for (let left = bytes; left > 0; left -= zeros.length) {
    if (!deflate.write(left < zeros.length ? zeros.subarray(0, left) : zeros)) await new Promise((done) => deflate.once('drain', done));
  }
  const ended = new Promise((done) => deflate.once('end', done));
  deflate.end();
  await ended;
  return Buffer.concat(parts);
}

/** A header of one kind, claims and bytes that do not fit it. */
export async function pictureBombs(): Promise<HostileInput[]> {
  const bomb = (name: string, bytes: Buffer, ...outcomes: string[]): HostileInput =>
    fileInput('picture bomb', `bombs/${name}`, bytes, ...outcomes);
  const small = await goodJpeg(9001);
  const profile = Buffer.concat([Buffer.from('x\0\0', 'latin1'), deflateSync(Buffer.alloc(100 * MEGA))]);
  return [
    bomb('16000x16000.png', await blackPng({ width: 16_000, height: 16_000, bitDepth: 1, colourType: 0 }), 'dimensions'),
    bomb('30000x30000.png', await blackPng({ width: 30_000, height: 30_000, bitDepth: 1, colourType: 0 }), 'dimensions'),
    bomb('1x100M.png', await blackPng({ width: 1, height: 100 * MEGA, bitDepth: 1, colourType: 0 }), 'dimensions'),
    bomb('100Mx1.png', await blackPng({ width: 100 * MEGA, height: 1, bitDepth: 1, colourType: 0 }), 'dimensions'),
    bomb('largest-allowed.png', await blackPng({ width: 9999, height: 9999 }), 'in', 'dimensions'),
    bomb('largest-16-bit.png', await blackPng({ width: 9999, height: 9998, bitDepth: 16, colourType: 6 }), 'in', 'dimensions'),
    bomb('largest-interlaced.png', await blackPng({ width: 9998, height: 9998, interlaced: true }), 'in', 'dimensions'),
    bomb('claims-2G-square.png', await claimingPng(0x7fff_ffff), 'dimensions', 'decode_failed'),
    bomb('profile.png', await blackPng({ width: 64, height: 48, extra: [chunk('iCCP', profile)] }), 'in', 'decode_failed', 'truncated'),
    bomb(
      'text.png',
      await blackPng({ width: 65, height: 48, extra: Array.from({ length: 8 }, () => chunk('zTXt', profile)) }),
      'in',
      'decode_failed',
      'truncated',
    ),
    bomb('claims-65500.jpg', resized(small, 65_500, 65_500), 'dimensions'),
    bomb('claims-99M.jpg', resized(small, 11_000, 9000), 'truncated', 'dimensions', 'decode_failed'),
    bomb(
      'claims-99M-progressive.jpg',
      resized(await picture(9002).jpeg({ progressive: true }).toBuffer(), 11_000, 9000),
      'truncated',
      'dimensions',
      'decode_failed',
    ),
    bomb('scans.jpg', await manyScans(), 'in', 'truncated', 'decode_failed', 'timeout', 'dimensions'),
    bomb('claims-65535.gif', gifClaiming(65_535, 65_535), 'dimensions'),
    bomb('claims-99M.gif', gifClaiming(11_000, 9000), 'in', 'truncated', 'dimensions', 'decode_failed'),
    bomb('claims-99M.bmp', bmpClaiming(11_000, 9000), 'truncated', 'dimensions', 'decode_failed'),
    bomb('claims-2G.bmp', bmpClaiming(0x7fff_ffff, -0x8000_0000), 'dimensions', 'decode_failed'),
    bomb('largest.webp', await largestWebp(), 'in', 'dimensions'),
    bomb(
      'largest.tif',
      await sharp(await blackPng({ width: 9996, height: 9996, bitDepth: 1, colourType: 0 }))
        .tiff({ compression: 'deflate' })
        .toBuffer(),
      'in',
      'dimensions',
    ),
  ];
}

/** So well packed that it has to be padded to look like a picture at all. */
async function largestWebp(): Promise<Buffer> {
  const black = await blackPng({ width: 9997, height: 9997, bitDepth: 1, colourType: 0 });
  return Buffer.concat([await sharp(black).webp({ lossless: true, effort: 0 }).toBuffer(), Buffer.alloc(100)]);
}

async function claimingPng(side: number): Promise<Buffer> {
  const bytes = Buffer.concat([await blackPng({ width: 16, height: 16 }), Buffer.alloc(100)]);
  bytes.writeUInt32BE(side, 16);
  bytes.writeUInt32BE(side, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

/** The frame header of a JPEG says another size than its data have. */
function resized(jpeg: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(jpeg);
  const at = [0xc0, 0xc2].map((marker) => copy.indexOf(Buffer.from([0xff, marker, 0]))).find((place) => place >= 0) ?? 0;
  copy.writeUInt16BE(height, at + 5);
  copy.writeUInt16BE(width, at + 7);
  return copy;
}

/** A progressive JPEG whose last scan comes two thousand times: each makes a decoder go over all of a big picture again. */
async function manyScans(): Promise<Buffer> {
  const jpeg = await sharp(await blackPng({ width: 4000, height: 3000, bitDepth: 1, colourType: 0 }))
    .jpeg({ progressive: true })
    .toBuffer();
  const lastScan = jpeg.subarray(jpeg.lastIndexOf(Buffer.from([0xff, 0xda])), jpeg.length - 2);
  return Buffer.concat([jpeg.subarray(0, -2), ...Array.from({ length: 2000 }, () => lastScan), jpeg.subarray(-2)]);
}

function gifClaiming(width: number, height: number): Buffer {
  const screen = Buffer.alloc(13);
  screen.write('GIF89a', 'latin1');
  screen.writeUInt16LE(width, 6);
  screen.writeUInt16LE(height, 8);
  screen.set([0x80, 0, 0], 10);
  const image = Buffer.from([0, 0, 0, 255, 255, 255, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b]);
  return Buffer.concat([screen, image, Buffer.alloc(200)]);
}

export function bmpClaiming(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(400, 0x40);
  bytes.write('BM', 'latin1');
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  bytes.writeUInt32LE(0, 30);
  return bytes;
}

/** Cut, overwritten and odd but lawful pictures. */
export async function damagedPictures(): Promise<HostileInput[]> {
  const big = picture(4000, 320, 240);
  const sources: [string, Buffer][] = [
    ['jpg', await big.clone().jpeg().toBuffer()],
    ['png', await big.clone().png().toBuffer()],
    ['webp', await big.clone().webp().toBuffer()],
    ['gif', await big.clone().gif().toBuffer()],
    ['tif', await big.clone().tiff().toBuffer()],
  ];
  const torn = sources.flatMap(([suffix, bytes]) =>
    [0.02, 0.3, 0.6, 0.95].map((share) =>
      fileInput('torn picture', `torn/${suffix}-${String(share * 100)}.${suffix}`, shortened(bytes, share), 'truncated', 'decode_failed'),
    ),
  );
  const hit = sources.flatMap(([suffix, bytes]) =>
    [1, 2, 3].map((seed) =>
      fileInput('flipped bytes', `flipped/${suffix}-${String(seed)}.${suffix}`, flipped(bytes, 8 * seed, seed), 'listed'),
    ),
  );
  return [...torn, ...hit];
}

export async function oddPictures(): Promise<HostileInput[]> {
  const odd = (name: string, bytes: Buffer, ...outcomes: string[]): HostileInput =>
    fileInput('odd picture', `odd-pictures/${name}`, bytes, ...outcomes);
  const frames = noise(64 * 48 * 3 * 5, 77);
  const animated = sharp(frames, { raw: { width: 64, height: 240, channels: 3, pageHeight: 48 } });
  const withZip = Buffer.concat([await goodJpeg(5001), Buffer.from('PK\x03\x04', 'latin1'), noise(3000, 8)]);
  return [
    odd('cmyk.jpg', await picture(5002).toColourspace('cmyk').jpeg().toBuffer(), 'in'),
    odd('grey-16.png', await picture(5003).toColourspace('grey16').png().toBuffer(), 'in'),
    odd('rgb-16.png', await picture(5004).toColourspace('rgb16').png().toBuffer(), 'in'),
    odd('alpha.png', await picture(5005).ensureAlpha(0.3).png().toBuffer(), 'in'),
    odd('palette.png', await picture(5006).png({ palette: true, colours: 4 }).toBuffer(), 'in'),
    odd('animated.gif', await animated.clone().gif({ delay: 0, loop: 0 }).toBuffer(), 'in'),
    odd('animated.webp', await animated.clone().webp({ delay: 0 }).toBuffer(), 'in'),
    odd('turned.jpg', await picture(5007).withMetadata({ orientation: 6 }).jpeg().toBuffer(), 'in'),
    odd('zip-behind.jpg', withZip, 'in'),
    odd('thin.png', await blackPng({ width: 15, height: 4000 }), 'dimensions'),
    odd('one-pixel.png', Buffer.concat([await blackPng({ width: 1, height: 1 }), Buffer.alloc(200)]), 'dimensions'),
  ];
}
