import { isUtf8 } from 'node:buffer';
import type { Dirent, Stats } from 'node:fs';
import { opendir } from 'node:fs/promises';

import { compareNatural } from '../natural-order.ts';

export type FolderEntry = {
  name: string;
  /** `unknown`: the file system does not say without lstat. */
  kind: EntryKind;
  /** The name is not valid UTF-8; it is escaped, for showing only. */
  isEscaped: boolean;
};
export type EntryKind = 'file' | 'folder' | 'link' | 'special' | 'unknown';

/** Names kept in memory for sorting: 50,000 need about 10 MB. */
const MAX_SORTED_ENTRIES = 50_000;
const READ_AHEAD_ENTRIES = 512;

/**
 * The entries of one folder in blocks. Up to 50,000 come in natural name order; of a bigger folder the first 50,000 read
 * come so, the rest as the file system gives it. `keep` drops names before they cost memory. Throws what opendir throws.
 */
export async function* readFolder(path: string, keep: (entry: FolderEntry) => boolean): AsyncGenerator<FolderEntry[]> {
  // The typings know only text names; with this encoding the names are Buffers.
  const folder = await opendir(path, { encoding: 'buffer' as BufferEncoding, bufferSize: READ_AHEAD_ENTRIES });
  yield* inSortedBlocks(folder, { toEntry, keep });
}

type Blocks<Raw, Entry> = { toEntry: (raw: Raw) => Entry; keep: (entry: Entry) => boolean };

/** The same of any entries. */
export async function* inSortedBlocks<Raw, Entry extends { name: string }>(
  entries: AsyncIterable<Raw>,
  { toEntry, keep }: Blocks<Raw, Entry>,
): AsyncGenerator<Entry[]> {
  let block: Entry[] = [];
  let limit = MAX_SORTED_ENTRIES;
  for await (const raw of entries) {
    const entry = toEntry(raw);
    if (!keep(entry)) continue;
    block.push(entry);
    if (block.length < limit) continue;
    yield sorted(block);
    block = [];
    limit = READ_AHEAD_ENTRIES;
  }
  if (block.length > 0) yield sorted(block);
}

function sorted<Entry extends { name: string }>(entries: Entry[]): Entry[] {
  return entries.sort((a, b) => compareNatural(a.name, b.name));
}

function toEntry(dirent: Dirent): FolderEntry {
  const bytes = dirent.name as unknown as Buffer;
  const isEscaped = !isUtf8(bytes);
  return { name: isEscaped ? escapeName(bytes) : bytes.toString('utf8'), kind: kindOf(dirent), isEscaped };
}

/** Of a directory entry or of what lstat says. */
export function kindOf(found: Dirent | Stats): EntryKind {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'folder';
  if (found.isSymbolicLink()) return 'link';
  const isSpecial = found.isFIFO() || found.isSocket() || found.isBlockDevice() || found.isCharacterDevice();
  return isSpecial ? 'special' : 'unknown';
}

/** `caf\xe9.jpg`: bytes that are not ASCII are shown as hexadecimal. */
function escapeName(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x5c ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}
