import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { openPromise } from 'yauzl';

/** What a zip file says of one entry. Neither its name nor whether it is there twice was checked. */
export type ListedEntry = {
  name: string;
  size: number;
  /** Where its bytes begin in the file. */
  start: number;
  /** Neither compressed nor encrypted: its bytes are those of the file. */
  isStored: boolean;
};

/** Entries in the order of the directory; nothing is unpacked. Throws an Error for what is no whole zip or has more than `maxEntries`. */
export async function listZip(path: string, { maxEntries }: { maxEntries: number }): Promise<ListedEntry[]> {
  const zip = await openPromise(path, { autoClose: false, decodeStrings: false });
  try {
    if (zip.entryCount > maxEntries) throw new Error(`it has ${String(zip.entryCount)} entries, more than ${String(maxEntries)}`);
    const entries: ListedEntry[] = [];
    for await (const entry of zip.eachEntry()) {
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      entries.push({
        name: entry.fileNameRaw.toString(),
        size: entry.uncompressedSize,
        start: fileDataStart,
        isStored: entry.compressionMethod === 0 && !entry.isEncrypted(),
      });
    }
    return entries;
  } finally {
    zip.close();
  }
}

/** The bytes of a stored entry; fewer where the file ends before. */
export async function* readStored(path: string, { start, size }: ListedEntry): AsyncGenerator<Uint8Array> {
  if (size > 0) yield* createReadStream(path, { start, end: start + size - 1 }) as AsyncIterable<Uint8Array>;
}

/** Where a file is first other than the bytes given, or shorter or longer than they are; undefined: nowhere. All of them are read. */
export async function findDifference(path: string, expected: AsyncIterable<Uint8Array>): Promise<number | undefined> {
  const file = await open(path, 'r');
  try {
    let position = 0;
    let other: number | undefined;
    for await (const chunk of expected) {
      if (other !== undefined) continue;
      const buffer = Buffer.alloc(chunk.byteLength);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead < buffer.length || buffer.compare(chunk) !== 0) other = position + firstOther(buffer.subarray(0, bytesRead), chunk);
      position += bytesRead;
    }
    return other ?? ((await file.stat()).size === position ? undefined : position);
  } finally {
    await file.close();
  }
}

function firstOther(found: Uint8Array, expected: Uint8Array): number {
  const index = found.findIndex((byte, at) => byte !== expected[at]);
  return index === -1 ? found.length : index;
}
