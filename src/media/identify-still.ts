import { createHash } from 'node:crypto';

import { MediaError } from './media-error.ts';
import { suffixOf } from './media-suffixes.ts';
import type { MediaLocation } from './open-media.ts';
import { probeStillBytes, type StillProbe } from './probe-still.ts';
import { sniffMedia, type Sniffed } from './sniff-media.ts';
import { withStillBytes } from './still/still-bytes.ts';

export type StillIdentity = {
  sha256: string;
  sizeBytes: number;
  /** What it is by its first bytes, or why it is nothing. */
  sniffed: Sniffed | MediaError;
  /** The header, if it is a still; or why that can not be read. */
  probe?: StillProbe | MediaError;
};

/** Hash, kind and header of a small file from one reading: opening and reading twice costs more than all three. */
export async function identifyStill(file: MediaLocation): Promise<StillIdentity> {
  return withStillBytes(file, async (bytes) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const identity = { sha256, sizeBytes: bytes.length };
    const sniffed = await orMediaError(() => sniffMedia(bytes.subarray(0, 4096), suffixOf(file.path)));
    if (sniffed instanceof MediaError || sniffed.mediaType !== 'image') return { ...identity, sniffed };
    return { ...identity, sniffed, probe: await orMediaError(() => probeStillBytes(bytes)) };
  });
}

async function orMediaError<T>(action: () => T | Promise<T>): Promise<T | MediaError> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof MediaError) return error;
    throw error;
  }
}
