import type { Hash } from 'node:crypto';

/** Passes chunks on and feeds them to a hash on the way. */
export async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
