import { createHash } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import { stat } from 'node:fs/promises';
import { openZip, type ReadableZip } from '../../exporters/zip/read-zip.ts';
import { isSealIntact } from '../../exporters/zip/seal-zip.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { corruptBackup, invalidBackup, MANIFEST_NAME, parseManifest, type BackupManifest, type ManifestTable } from './manifest.ts';

export type OpenBackup = {
  path: string;
  manifest: BackupManifest;
  /** The lines of a table in blocks of bounded size, hashed and counted on the way; throws `backup_corrupt` at the end when they are not what the manifest says. */
  readLines(table: ManifestTable, signal: AbortSignal): AsyncIterable<string[]>;
  close(): void;
};

const MAX_ENTRIES = 1000;
const MAX_MANIFEST_BYTES = 1_000_000;
/** A row is a few kB; faces and references of views some 100 kB. A restore holds a line some five times. */
const MAX_LINE_CHARS = 8_000_000;
const BLOCK_LINES = 2000;
const BLOCK_CHARS = 1_000_000;

/** Opens a backup and checks its seal, manifest and list of files; `readLines` checks the rest. Throws `backup_*` usage errors. */
export async function openBackup(path: string, signal: AbortSignal): Promise<OpenBackup> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new UsageError(`there is no file ${path}`, { code: 'backup_missing' });
  const isSealed = await isSealIntact(path, signal);
  const zip = await openZip(path, { maxEntries: MAX_ENTRIES }).catch((error: unknown) => {
    throw invalidBackup(path, (error as Error).message);
  });
  try {
    const manifest = await readManifest(zip, path);
    if (!isSealed) throw corruptBackup(path, 'its bytes are not those that were written');
    assertFiles(zip, manifest, path);
    return {
      path,
      manifest,
      readLines: (table, stop) => readLines({ zip, path, table }, stop),
      close: () => {
        zip.close();
      },
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function readManifest(zip: ReadableZip, path: string): Promise<BackupManifest> {
  const bytes = zip.sizes.get(MANIFEST_NAME);
  if (bytes === undefined) throw invalidBackup(path, 'it has no manifest');
  if (bytes > MAX_MANIFEST_BYTES) throw invalidBackup(path, 'its manifest is too large');
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of await zip.read(MANIFEST_NAME)) chunks.push(chunk as Buffer);
  } catch (error) {
    throw corruptBackup(path, (error as Error).message);
  }
  return parseManifest(Buffer.concat(chunks).toString(), path);
}

/** Exactly the files that the manifest names, each of the size it says: before one of them is unpacked. */
function assertFiles(zip: ReadableZip, { tables }: BackupManifest, path: string): void {
  const named = new Map(Object.values(tables).map(({ file, bytes }) => [file, bytes]));
  if (named.size !== Object.keys(tables).length) throw corruptBackup(path, 'two tables share a file');
  for (const [file, bytes] of named) {
    if (zip.sizes.get(file) !== bytes) throw corruptBackup(path, `${file} is ${zip.sizes.has(file) ? 'of another size' : 'missing'}`);
  }
  const extra = [...zip.sizes.keys()].find((name) => name !== MANIFEST_NAME && !named.has(name));
  if (extra !== undefined) throw corruptBackup(path, `${JSON.stringify(extra)} is not in its manifest`);
}

type Part = { zip: ReadableZip; path: string; table: ManifestTable };

async function* readLines({ zip, path, table }: Part, signal: AbortSignal): AsyncIterable<string[]> {
  const hash = createHash('sha256');
  let [count, bytes] = [0, 0];
  const onChunk = (chunk: Buffer): void => {
    signal.throwIfAborted();
    hash.update(chunk);
    bytes += chunk.length;
  };
  for await (const block of blocksOf(readChunks({ zip, path, table }, onChunk), { path, file: table.file })) {
    count += block.length;
    yield block;
  }
  if (hash.digest('hex') !== table.sha256 || bytes !== table.bytes) throw corruptBackup(path, `${table.file} has other content`);
  if (count !== table.count) throw corruptBackup(path, `${table.file} has ${String(count)} lines instead of ${String(table.count)}`);
}

async function* readChunks({ zip, path, table }: Part, onChunk: (chunk: Buffer) => void): AsyncIterable<Buffer> {
  const stream = await zip.read(table.file).catch((error: unknown) => {
    throw corruptBackup(path, `${table.file}: ${(error as Error).message}`);
  });
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        throw corruptBackup(path, `${table.file}: ${(error as Error).message}`);
      });
      if (next.done === true) return;
      onChunk(next.value);
      yield next.value;
    }
  } finally {
    stream.destroy();
  }
}

type Source = { path: string; file: string };

async function* blocksOf(chunks: AsyncIterable<Buffer>, { path, file }: Source): AsyncIterable<string[]> {
  const decoder = new StringDecoder('utf8');
  let [block, chars, rest]: [string[], number, string] = [[], 0, ''];
  for await (const chunk of chunks) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_CHARS) throw corruptBackup(path, `${file} has a line of more than ${String(MAX_LINE_CHARS)} characters`);
    for (const line of lines) {
      block.push(line);
      chars += line.length;
      if (block.length < BLOCK_LINES && chars < BLOCK_CHARS) continue;
      yield block;
      [block, chars] = [[], 0];
    }
  }
  if (rest !== '') throw corruptBackup(path, `${file} ends in the middle of a line`);
  if (block.length > 0) yield block;
}
