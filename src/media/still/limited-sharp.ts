import sharp, { type Metadata, type Sharp } from 'sharp';

import { MediaError } from '../media-error.ts';
import { MAX_STILL_PIXELS } from '../media-limits.ts';
import { requireModestMemory } from './decoding-memory.ts';

// One picture at a time and thread: the pool of workers is the parallelism. Nothing is read twice, so nothing is cached.
sharp.concurrency(1);
sharp.cache(false);
// Only the five formats cameras write. SVG, PDF, HEIC and the rest never reach their loaders.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff'].map((name) => `VipsForeignLoad${name}`),
});

const DECODE_SECONDS = 30;

/** `warning` stops at the first oddity, `error` at the first damage, `none` paints what is missing grey. */
export type Strictness = 'warning' | 'error' | 'none';

/** A sharp pipeline over hostile bytes: first picture only, at most 100 megapixels, at most 30 s. */
export function limitedSharp(bytes: Uint8Array, failOn: Strictness): Sharp {
  return sharp(bytes, { failOn, limitInputPixels: MAX_STILL_PIXELS }).timeout({ seconds: DECODE_SECONDS });
}

/** A sharp pipeline over packed 8-bit RGB. */
export function sharpOfRgb(picture: { width: number; height: number; data: Uint8Array }): Sharp {
  const { width, height, data } = picture;
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: MAX_STILL_PIXELS });
}

/** Header only (0.2 CPU-ms). Throws MediaError `decode_failed` or `dimensions`. */
export async function readMetadata(bytes: Uint8Array): Promise<Metadata> {
  try {
    const metadata = await limitedSharp(bytes, 'none').metadata();
    requireModestMemory(metadata);
    return metadata;
  } catch (error) {
    throw toStillError(error);
  }
}

/** What libvips says as an error of ours. */
export function toStillError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof MediaError) return error;
  const message = error.message.replace(/\s*\n\s*/g, '; ').slice(0, 200);
  if (/pixel limit/i.test(message)) return new MediaError('dimensions', 'the picture has more than 100 megapixels', { cause: error });
  if (/timeout/i.test(message)) return new MediaError('timeout', `not decoded within ${DECODE_SECONDS} s`, { cause: error });
  return new MediaError('decode_failed', message, { cause: error });
}
