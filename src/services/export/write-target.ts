import { createHash } from 'node:crypto';
import { writeAtomically } from '../../lib/write-atomically.ts';
import type { ExportTarget } from './export-target.ts';

export type WrittenFile = { bytes: number; /** Lower-case hex. */ sha256: string };

type WriteTargetOptions = {
  target: ExportTarget;
  writeOut: (chunk: Uint8Array) => Promise<void>;
  signal: AbortSignal;
  /** The last row left. */
  onWritten: () => Promise<void>;
  /** The bytes are safe on the disk, not yet under their name. */
  onSynced: () => Promise<void>;
};

/** Writes the chunks to standard output, or to a file that appears under its name when it is complete; hashes them on the way. */
export async function writeTarget(chunks: AsyncIterable<string | Uint8Array>, options: WriteTargetOptions): Promise<WrittenFile> {
  const { target, signal, writeOut, onWritten, onSynced } = options;
  const hash = createHash('sha256');
  const counted = { bytes: 0 };
  const hashed = hashChunks(chunks, (chunk) => {
    signal.throwIfAborted();
    hash.update(chunk);
    counted.bytes += chunk.byteLength;
  });
  if (target.kind === 'stdout') {
    for await (const chunk of hashed) await writeOut(chunk);
    await onWritten();
  } else {
    await writeAtomically(target.path, followedBy(hashed, onWritten), { signal, beforeRename: onSynced });
  }
  return { bytes: counted.bytes, sha256: hash.digest('hex') };
}

async function* hashChunks(chunks: AsyncIterable<string | Uint8Array>, onChunk: (chunk: Uint8Array) => void): AsyncIterable<Uint8Array> {
  for await (const given of chunks) {
    const chunk = typeof given === 'string' ? Buffer.from(given) : given;
    onChunk(chunk);
    yield chunk;
  }
}

async function* followedBy<Item>(items: AsyncIterable<Item>, atEnd: () => Promise<void>): AsyncIterable<Item> {
  yield* items;
  await atEnd();
}
