import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * What must become of an input: `in` (read, stored as done), a failure code, `ignored` (not footage by its name, or reached by another
 * way), or `listed`: read or given any code, never lost; for damage whose reading is up to the decoder.
 */
export type Outcome = string;

export type HostileInput = {
  kind: string;
  /** Below the root; bytes where the name is not valid UTF-8. */
  path: string | Buffer;
  /** Any of these will do. */
  outcomes: readonly Outcome[];
  make: (absolutePath: string | Buffer) => Promise<void>;
};

/** Old enough that nothing waits for the file to be complete. */
export const OLD = new Date('2026-01-20T00:00:00Z');

type Content = string | Uint8Array;

export function fileInput(kind: string, path: string, content: Content, ...outcomes: Outcome[]): HostileInput {
  return { kind, path, outcomes, make: (absolutePath) => writeOld(absolutePath as string, content) };
}

export async function writeOld(path: string, content: Content): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  await utimes(path, OLD, OLD);
}

export function absolutePathOf(root: string, input: HostileInput): string | Buffer {
  return typeof input.path === 'string' ? join(root, input.path) : Buffer.concat([Buffer.from(`${root}/`), input.path]);
}

/** The same bytes for the same seed; nothing a compressor could shorten. */
export function noise(bytes: number, seed: number): Buffer {
  const data = Buffer.alloc(bytes);
  let state = seed >>> 0 || 1;
  for (let at = 0; at < bytes; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    data[at] = state & 0xff;
  }
  return data;
}

export function shortened(bytes: Buffer, share: number): Buffer {
  return bytes.subarray(0, Math.max(1, Math.floor(bytes.length * share)));
}

/** `count` bytes overwritten at places the seed gives; the first bytes, which say what it is, stay. */
export function flipped(bytes: Buffer, count: number, seed: number): Buffer {
  const copy = Buffer.from(bytes);
  const places = noise(count * 5, seed);
  for (let index = 0; index < count; index += 1) {
    const at = 32 + (places.readUInt32LE(index * 5) % Math.max(1, copy.length - 32));
    copy[at] = (copy[at] ?? 0) ^ (places[index * 5 + 4] ?? 0) ^ 0x55;
  }
  return copy;
}
