import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

const DIGEST_LENGTH = 64;
const LABEL = 'sha256 of all bytes before: ';

/** Comment to write the zip with; its zeros at the very end of the file are where the seal goes. */
export const SEAL_PLACEHOLDER = LABEL + '0'.repeat(DIGEST_LENGTH);

/** Replaces the zeros at the end by the SHA-256 (hex) of all bytes before them: then no byte can change unseen, headers included. */
export async function* sealZip(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const hash = createHash('sha256');
  let held = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const all = Buffer.concat([held, chunk]);
    const ready = all.subarray(0, Math.max(0, all.length - DIGEST_LENGTH));
    held = all.subarray(ready.length);
    if (ready.length === 0) continue;
    hash.update(ready);
    yield ready;
  }
  yield Buffer.from(hash.digest('hex'));
}

/** Reads the whole file. */
export async function isSealIntact(path: string, signal?: AbortSignal): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size <= SEAL_PLACEHOLDER.length) return false;
    const end = Buffer.alloc(SEAL_PLACEHOLDER.length);
    await file.read(end, 0, end.length, size - end.length);
    if (end.toString('latin1', 0, LABEL.length) !== LABEL) return false;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, { end: size - DIGEST_LENGTH - 1, ...(signal && { signal }) }))
      hash.update(chunk as Buffer);
    return hash.digest('hex') === end.toString('latin1', LABEL.length);
  } finally {
    await file.close();
  }
}
