import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

import { MediaError } from './media-error.ts';
import { toMediaError } from './open-media.ts';

const HEAD_BYTES = 4096;
/** 1 MiB reads hash at disk speed; bigger ones gain nothing. */
const BLOCK_BYTES = 1 << 20;
const STAT_BLOCK_BYTES = 512;
const MAX_HOLE_BYTES = 4 * 1024 ** 3;

export type Fingerprint = { sha256: string; head: Uint8Array; sizeBytes: number };

/**
 * Reads the whole file once in constant memory; `head` is its first 4 kB (less for a smaller file). Bytes that somebody
 * adds meanwhile are left out. Throws MediaError `unreadable`, `decode_failed` for a file that is mostly holes, or the
 * signal's reason.
 */
export async function fingerprint(handle: FileHandle, options: { signal?: AbortSignal | undefined } = {}): Promise<Fingerprint> {
  const stats = await handle.stat();
  requireStoredBytes(stats);
  let head = new Uint8Array(0);
  const { sha256, sizeBytes } = await hashBytes(handle, stats.size, (block, position) => {
    options.signal?.throwIfAborted();
    if (position === 0) head = new Uint8Array(block.subarray(0, HEAD_BYTES));
  });
  return { sha256, head, sizeBytes };
}

/** A sparse file says any size and costs its maker nothing, its reader minutes. No recorder leaves holes like that. */
function requireStoredBytes({ size, blocks }: Stats): void {
  const storedBytes = blocks * STAT_BLOCK_BYTES;
  // Some file systems do not tell and say 0.
  if (!(storedBytes > 0) || size - storedBytes <= MAX_HOLE_BYTES) return;
  throw new MediaError('decode_failed', `says it has ${size} bytes and holds ${storedBytes}`);
}

/** The first 4 kB, less for a smaller file. */
export async function readHead(handle: FileHandle): Promise<Uint8Array> {
  const buffer = new Uint8Array(HEAD_BYTES);
  return buffer.subarray(0, await readAt(handle, buffer, 0));
}

/** Hex sha256 of some kilobytes at the beginning, in the middle and at the end of a file: where they differ, files do. */
export async function glimpse(handle: FileHandle, sizeBytes: number): Promise<string> {
  const hash = createHash('sha256');
  for (const position of [0, Math.floor(sizeBytes / 2), Math.max(0, sizeBytes - HEAD_BYTES)]) {
    const buffer = Buffer.alloc(HEAD_BYTES);
    hash.update(buffer.subarray(0, await readAt(handle, buffer, position)));
  }
  return hash.digest('hex');
}

/** Hex sha256 of the first `bytes` bytes, to see whether a file only grew; undefined when the file is shorter. */
export async function sha256OfPrefix(handle: FileHandle, bytes: number): Promise<string | undefined> {
  const { sha256, sizeBytes } = await hashBytes(handle, bytes);
  return sizeBytes === bytes ? sha256 : undefined;
}

async function hashBytes(
  handle: FileHandle,
  wantedBytes: number,
  onBlock: (block: Uint8Array, position: number) => void = () => undefined,
): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, Math.max(1, wantedBytes)));
  let position = 0;
  while (position < wantedBytes) {
    const room = buffer.subarray(0, Math.min(buffer.length, wantedBytes - position));
    const block = room.subarray(0, await readAt(handle, room, position));
    if (block.length === 0) break;
    onBlock(block, position);
    hash.update(block);
    position += block.length;
  }
  return { sha256: hash.digest('hex'), sizeBytes: position };
}

/** Number of bytes read, 0 at the end of the file. Throws MediaError `unreadable`. */
export async function readAt(handle: FileHandle, buffer: Uint8Array, position: number): Promise<number> {
  try {
    return (await handle.read(buffer, 0, buffer.length, position)).bytesRead;
  } catch (error) {
    throw toMediaError(error);
  }
}
