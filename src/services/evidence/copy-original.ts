import { createHash } from 'node:crypto';
import { basename, dirname, extname } from 'node:path';
import type { MediaFileRow } from '../../db/models/media-files.ts';
import { readAt } from '../../media/fingerprint.ts';
import { contentChanged, MediaError } from '../../media/media-error.ts';
import { openMedia } from '../../media/open-media.ts';

export type Original = Pick<MediaFileRow, 'id' | 'path' | 'size_bytes' | 'content_sha256'>;

/** A file could not be copied as it was ingested: whatever was written of it is worth nothing. */
export class OriginalUnusableError extends Error {
  readonly fileId: number;

  constructor({ id }: Original, why: string) {
    super(why);
    this.name = 'OriginalUnusableError';
    this.fileId = id;
  }
}

const BLOCK_BYTES = 1 << 20;

/** The bytes of a file of the ledger, hashed on the way. Throws OriginalUnusableError, behind the last one where they are others. */
export async function* copyOriginal(original: Original, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* readOriginal(original, signal);
  } catch (error) {
    throw error instanceof MediaError ? new OriginalUnusableError(original, error.message) : error;
  }
}

async function* readOriginal(original: Original, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const handle = await openMedia({ path: original.path, root: dirname(original.path) });
  try {
    const hash = createHash('sha256');
    let position = 0;
    for (;;) {
      signal.throwIfAborted();
      const buffer = Buffer.allocUnsafe(BLOCK_BYTES);
      const block = buffer.subarray(0, await readAt(handle, buffer, position));
      if (block.length === 0) break;
      position += block.length;
      // A file that grows without end is noticed here, not when the disk is full.
      if (position > original.size_bytes) throw contentChanged();
      hash.update(block);
      yield block;
    }
    if (hash.digest('hex') !== original.content_sha256) throw contentChanged();
  } finally {
    await handle.close();
  }
}

const LONGEST_NAME = 100;

/** `originals/12-gate_20260114.mp4`: the id of the ledger makes it one of a kind, everything unusual becomes `_`. */
export function originalName({ id, path }: Original): string {
  const suffix = extname(path);
  const plain = (text: string): string => text.replaceAll(/[^\w.-]/g, '_');
  return `originals/${String(id)}-${plain(basename(path, suffix)).slice(0, LONGEST_NAME)}${plain(suffix).slice(0, 20)}`;
}
