import type { Readable } from 'node:stream';
import { openPromise, type Entry } from 'yauzl';

export type ReadableZip = {
  /** Size of each entry when unpacked, in bytes, as announced; reading fails where it is another. */
  sizes: ReadonlyMap<string, number>;
  /** The bytes of one entry. Throws for a name that is not there. */
  read(name: string): Promise<Readable>;
  close(): void;
};

/**
 * Opens a zip file of somebody else's making; nothing is unpacked to the disk. Throws for what is no zip, more than `maxEntries`
 * entries, a name twice, absolute, with `..` or a backslash.
 */
export async function openZip(path: string, { maxEntries }: { maxEntries: number }): Promise<ReadableZip> {
  const zip = await openPromise(path, { autoClose: false, strictFileNames: true, validateEntrySizes: true });
  try {
    if (zip.entryCount > maxEntries) throw new Error(`it has ${String(zip.entryCount)} entries, more than ${String(maxEntries)}`);
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) {
      if (entries.has(entry.fileName)) throw new Error(`it has two entries ${JSON.stringify(entry.fileName)}`);
      entries.set(entry.fileName, entry);
    }
    return {
      sizes: new Map([...entries].map(([name, { uncompressedSize }]) => [name, uncompressedSize])),
      read: (name) => {
        const entry = entries.get(name);
        return entry === undefined ? Promise.reject(new Error(`there is no entry ${name}`)) : zip.openReadStreamPromise(entry);
      },
      close: () => {
        zip.close();
      },
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}
