import type { Size } from '../../domain/box.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { MediaError } from '../media-error.ts';
import { MAX_STILL_PIXELS, requireUsableSize } from '../media-limits.ts';

type BmpHeader = Size & { isTopDown: boolean; bytesPerPixel: 3 | 4; pixelsAt: number; strideBytes: number };

const UNCOMPRESSED = 0;
const BITFIELDS = 3;
/** 8K at 24 bits; of a larger bitmap all bytes have to be there. */
const MAX_INCOMPLETE_BYTES = 100_000_000;

export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d;
}

/** Size of an uncompressed 24- or 32-bit bitmap. Throws MediaError `decode_failed`, `unsupported_codec`, `dimensions`. */
export function readBmpSize(bytes: Uint8Array): Size {
  const { width, height } = readHeader(bytes);
  return { width, height };
}

/** libvips has no bitmap loader. Rows that are missing at the end of a cut file stay grey, as with other formats. */
export function readBmp(bytes: Uint8Array): { picture: RgbPicture; truncated: boolean } {
  const header = readHeader(bytes);
  const { width, height, bytesPerPixel, pixelsAt, strideBytes } = header;
  const lastByte = pixelsAt + (height - 1) * strideBytes + width * bytesPerPixel;
  const truncated = bytes.length < lastByte;
  // A few bytes that claim a large picture must not cost the memory of one.
  if (truncated && lastByte > MAX_INCOMPLETE_BYTES)
    throw new MediaError('decode_failed', `only ${bytes.length} of ${lastByte} bytes are there`);
  const data = new Uint8Array(width * height * 3).fill(128);
  for (let row = 0; row < height; row += 1) {
    const to = (header.isTopDown ? row : height - 1 - row) * width * 3;
    const from = pixelsAt + row * strideBytes;
    const pixels = Math.min(width, Math.floor((bytes.length - from) / bytesPerPixel));
    for (let x = 0; x < pixels; x += 1) {
      const at = from + x * bytesPerPixel;
      data[to + x * 3] = bytes[at + 2] ?? 0;
      data[to + x * 3 + 1] = bytes[at + 1] ?? 0;
      data[to + x * 3 + 2] = bytes[at] ?? 0;
    }
  }
  return { picture: { width, height, data }, truncated };
}

function readHeader(bytes: Uint8Array): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 54 || view.getUint32(14, true) < 40)
    throw new MediaError('decode_failed', 'the bitmap header is damaged or older than 1990');
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const isPlain = compression === UNCOMPRESSED || (compression === BITFIELDS && bits === 32);
  if ((bits !== 24 && bits !== 32) || !isPlain) {
    throw new MediaError('unsupported_codec', `a ${bits}-bit bitmap with compression ${compression}; only plain 24 and 32 bits are read`);
  }
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const height = Math.abs(signedHeight);
  requireUsableSize({ width, height }, MAX_STILL_PIXELS);
  const bytesPerPixel = bits === 24 ? 3 : 4;
  const strideBytes = Math.ceil((width * bytesPerPixel) / 4) * 4;
  return { width, height, isTopDown: signedHeight < 0, bytesPerPixel, pixelsAt: view.getUint32(10, true), strideBytes };
}
