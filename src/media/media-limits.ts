import type { Size } from '../domain/box.ts';
import { MediaError } from './media-error.ts';

const MIN_SIDE_PX = 16;
/** 100 megapixels: above this a picture is a decompression bomb, not footage. */
export const MAX_STILL_PIXELS = 100_000_000;
/** 7680 × 4320. A 16,384 px square H.264 file of 0.8 MB took 1,039 MB of memory without this limit. */
export const MAX_VIDEO_PIXELS = 33_177_600;

/** 24 days. Whatever claims more holds less; later times do not fit the database's 32-bit milliseconds either. */
export const MAX_FOOTAGE_MS = 24 * 86_400_000;
/** A thousand frames a second for as long. */
export const MAX_FRAME_COUNT = 2_073_600_000;

/** Throws MediaError `dimensions`. */
export function requireUsableSize(size: Size, maxPixels: number): void {
  if (Math.min(size.width, size.height) < MIN_SIDE_PX) {
    throw new MediaError('dimensions', `the picture is ${sizeText(size)}; the shorter side must be at least ${MIN_SIDE_PX} px`);
  }
  if (size.width * size.height > maxPixels) {
    throw new MediaError('dimensions', `the picture is ${sizeText(size)}; at most ${maxPixels / 1_000_000} megapixels are read`);
  }
}

/** A wanted size as one that can be made: whole pixels, at least 1 × 1. */
export function wholeSize(size: Size): Size {
  return { width: Math.max(1, Math.round(size.width)), height: Math.max(1, Math.round(size.height)) };
}

function sizeText(size: Size): string {
  return `${size.width}×${size.height} px`;
}
