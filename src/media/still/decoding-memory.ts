import type { Metadata } from 'sharp';

import { MediaError } from '../media-error.ts';

/** With what a worker needs anyway this stays below half a gigabyte. */
const MAX_DECODING_BYTES = 320_000_000;
const COMPONENTS_BY_SUBSAMPLING: Readonly<Record<string, number>> = { '4:2:0': 1.5, '4:2:2': 2, '4:4:0': 2, '4:1:1': 1.5 };

/**
 * Most pictures pass through memory line by line. Those that come in several passes, and animations, are held whole:
 * a progressive JPEG of 100 megapixels took 840 MB. Throws MediaError `dimensions`.
 */
export function requireModestMemory(metadata: Metadata): void {
  const bytes = decodingBytes(metadata);
  if (bytes <= MAX_DECODING_BYTES) return;
  const megabytes = Math.round(bytes / 1_000_000);
  throw new MediaError(
    'dimensions',
    `the picture is ${metadata.width}×${metadata.height} px in passes and would need ${megabytes} MB of memory`,
  );
}

/** Bytes that are held at once; 0 for what is read line by line. */
function decodingBytes({ format, width, height, channels, depth, isProgressive, chromaSubsampling = '' }: Metadata): number {
  const pixels = width * height;
  if (format === 'gif') return pixels * 4;
  if (!isProgressive) return 0;
  // Coefficients have 16 bits.
  if (format === 'jpeg') return pixels * 2 * (COMPONENTS_BY_SUBSAMPLING[chromaSubsampling] ?? channels);
  return pixels * channels * (depth === 'ushort' ? 2 : 1);
}
