import { open, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeLeftovers, temporaryBeside } from './temporary-file.ts';

type WriteAtomicallyOptions = {
  signal?: AbortSignal;
  /** Called between the written bytes and the rename, e.g. to verify or to record a hash. */
  beforeRename?: (writtenBytes: number, temporary: string) => Promise<void>;
  /** A file of that name that is there already hands its mode and group on. */
  keepsAccess?: boolean;
};

const FILE_MODE = 0o600;

/**
 * Writes a file that is either complete or not there: temporary file in the same folder, fsync, rename, fsync of the folder.
 * Returns the number of bytes. Removes its temporary file on any failure, and one that a killed process left; an existing file of that
 * name is replaced.
 */
export async function writeAtomically(
  path: string,
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  options: WriteAtomicallyOptions = {},
): Promise<number> {
  await removeLeftovers(path);
  const temporary = temporaryBeside(path);
  const file = await open(temporary, 'wx', FILE_MODE);
  try {
    if (options.keepsAccess === true) await copyAccess(path, file);
    const bytes = await writeAll(file, chunks, options.signal);
    await options.beforeRename?.(bytes, temporary);
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return bytes;
  } catch (error) {
    await file.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function copyAccess(path: string, file: FileHandle): Promise<void> {
  const [found, own] = [await stat(path).catch(() => undefined), await file.stat()];
  if (found?.isFile() !== true) return;
  if (found.gid !== own.gid) await file.chown(own.uid, found.gid);
  await file.chmod(found.mode & 0o777);
}

async function writeAll(
  file: FileHandle,
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<number> {
  let bytes = 0;
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    await file.appendFile(buffer);
    bytes += buffer.byteLength;
  }
  const { size } = await file.stat();
  if (size !== bytes) throw new Error(`wrote ${String(bytes)} bytes but the file has ${String(size)}`);
  await file.sync();
  await file.close();
  return bytes;
}

/** Makes the new name survive a power cut; not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (handle === undefined) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}
