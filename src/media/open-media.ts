import { constants, fstatSync, readlinkSync, type Stats } from 'node:fs';
import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { sep } from 'node:path';

import { isObjectUri } from '../domain/object-uri.ts';
import { MediaError } from './media-error.ts';
import { openCopy } from './objects/object-cache.ts';

/** `root` is the folder the file was found under; nothing outside it is ever opened. An object's path is its `s3://` address. */
export type MediaLocation = { path: string; root: string };

/**
 * Opens a file for reading without following a link in its last part, without waiting for a FIFO, and only if what was
 * opened really lies inside the real root, even when a folder on the way is swapped for a link meanwhile.
 * Of an object in object storage its copy on this machine is opened: here alone footage becomes local. Throws MediaError `vanished`, `unreadable` or `not_media`. The caller closes the handle.
 */
export async function openMedia(file: MediaLocation): Promise<FileHandle> {
  if (isObjectUri(file.path)) return openCopy(file.path);
  const handle = await openWithoutFollowing(file.path);
  try {
    // What an open file is waits for no disk: three turns through the pool of threads cost more than all of it.
    const found = fstatSync(handle.fd);
    if (!found.isFile()) throw new MediaError('not_media', 'not a regular file');
    const realFile = process.platform === 'linux' ? readlinkSync(`/proc/self/fd/${handle.fd}`) : await realPathOf(file.path, found);
    const realRoot = await realRootOf(file.root);
    if (!isInside(realFile, realRoot)) throw new MediaError('unreadable', 'lies outside the given folder');
    return handle;
  } catch (error) {
    await handle.close();
    throw toMediaError(error);
  }
}

/** Opens, hands to `use`, and closes whatever happens. */
export async function withMedia<T>(file: MediaLocation, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await openMedia(file);
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

export function isInside(realPath: string, realRoot: string): boolean {
  return realPath === realRoot || realPath.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep);
}

/** Failures of the file system as codes of ours; any other error is returned as it is. */
export function toMediaError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof MediaError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new MediaError('vanished', 'is not there any more', { cause: error });
  // What O_NOFOLLOW says about a link (ELOOP; EMLINK on FreeBSD) and what opening a socket says (ENXIO).
  if (code === 'ELOOP' || code === 'EMLINK') return new MediaError('unreadable', 'is a symbolic link', { cause: error });
  if (code === 'ENXIO') return new MediaError('not_media', 'not a regular file', { cause: error });
  return code === undefined ? error : new MediaError('unreadable', `cannot be read (${code})`, { cause: error });
}

/** Resolved once: a root that is swapped for a link meanwhile must not lead elsewhere. */
const realRoots = new Map<string, Promise<string>>();

function realRootOf(root: string): Promise<string> {
  const known = realRoots.get(root);
  if (known !== undefined) return known;
  const found = realpath(root);
  realRoots.set(root, found);
  found.catch(() => realRoots.delete(root));
  return found;
}

async function openWithoutFollowing(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw toMediaError(error);
  }
}

async function realPathOf(path: string, found: Stats): Promise<string> {
  const real = await realpath(path);
  const there = await stat(real);
  if (there.dev !== found.dev || there.ino !== found.ino) throw new MediaError('vanished', 'was replaced while being opened');
  return real;
}
