import { constants } from 'node:fs';
import { lstat, open, realpath, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

import { fingerprint } from './fingerprint.ts';
import { contentChanged, MediaError } from './media-error.ts';
import { toMediaError, withMedia, type MediaLocation } from './open-media.ts';

/** A file with the content it must have. */
export type KnownMedia = MediaLocation & { sha256: string };

type Remove = () => Promise<void>;

/**
 * Reads a file to its end and, where it is still the one that is known, hands over what removes it. Nothing is removed outside the
 * root, through a link, or after the file was replaced. Throws MediaError.
 */
export async function withKnownMedia<T>(file: KnownMedia, signal: AbortSignal, use: (remove: Remove) => Promise<T>): Promise<T> {
  return withMedia(file, async (handle) => {
    const { sha256 } = await fingerprint(handle, { signal });
    if (sha256 !== file.sha256) throw contentChanged();
    return use(() => removeOpened(file, handle));
  });
}

/** On Linux through the open folder: one that is swapped for a link meanwhile leads nowhere else. */
async function removeOpened({ path, root }: KnownMedia, handle: FileHandle): Promise<void> {
  const folder = await openFolder(dirname(path));
  try {
    const isLinux = process.platform === 'linux';
    const place = isLinux ? `/proc/self/fd/${String(folder.fd)}` : dirname(path);
    if ((await realpath(place)) !== join(await realpath(root), relative(root, dirname(path)))) {
      throw new MediaError('unreadable', 'lies behind a symbolic link');
    }
    const [opened, there] = [await handle.stat(), await lstat(join(place, basename(path)))];
    if (opened.ino !== there.ino || opened.dev !== there.dev) throw new MediaError('vanished', 'was replaced while it was read');
    await unlink(join(place, basename(path)));
  } catch (error) {
    throw toMediaError(error);
  } finally {
    await folder.close();
  }
}

async function openFolder(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    throw toMediaError(error);
  }
}
