import { link, lstat, open, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeLeftovers, temporaryBeside } from './temporary-file.ts';

type WriteAtomicallyOptions = {
  signal?: AbortSignal;
  /** Called between the written bytes and the rename, e.g. to verify or to record a hash. */
  beforeRename?: (writtenBytes: number, temporary: string) => Promise<void>;
  /** A file of that name that is there already hands its mode and group on. */
  keepsAccess?: boolean;
  /** A file of that name that is there already stays, and the call fails with EEXIST. */
  mustBeNew?: boolean;
};

const FILE_MODE = 0o600;
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);
/** Of a folder's fsync; all else means that folders are not synced here. */
const DISK_TROUBLE: ReadonlySet<string> = new Set(['EIO', 'ENOSPC', 'EDQUOT']);

/**
 * Writes a file that is either complete or not there: temporary file in the same folder, fsync, rename, fsync of the folder.
 * Returns the number of bytes. Removes its temporary file on any failure, and one that a killed process left; an existing file of that
 * name is replaced. An error of the file system says which file; one of the folder's fsync comes when the file is there already.
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
    const bytes = await writeAll({ file, path }, chunks, options.signal);
    await options.beforeRename?.(bytes, temporary);
    await (options.mustBeNew === true ? placeNew(temporary, path) : rename(temporary, path));
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

type Target = { file: FileHandle; path: string };

async function writeAll(
  { file, path }: Target,
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<number> {
  let bytes = 0;
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    await naming(path, file.appendFile(buffer));
    bytes += buffer.byteLength;
  }
  const { size } = await naming(path, file.stat());
  if (size !== bytes) throw new Error(`wrote ${String(bytes)} bytes but the file has ${String(size)}`);
  await naming(path, file.sync());
  await naming(path, file.close());
  return bytes;
}

/** A call on an open file does not say which file it was. */
async function naming<Result>(path: string, call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error) error.message += ` '${path}'`;
    throw error;
  }
}

/** A second name for the file, which fails where there is one, instead of a new name. Not every file system has second names. */
async function placeNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!NO_LINKS.has(codeOf(error)) || (await isThere(path))) throw error;
    await rename(temporary, path);
    return;
  }
  await unlink(temporary);
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}

/** Makes the new name survive a power cut; not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (handle === undefined) return;
  try {
    await handle.sync();
  } catch (error) {
    if (!DISK_TROUBLE.has(codeOf(error))) return;
    (error as Error).message += ` '${folder}': the file is there, but perhaps not after a power cut`;
    throw error;
  } finally {
    await handle.close().catch(() => undefined);
  }
}
