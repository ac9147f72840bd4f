import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { isObjectUri } from '../domain/object-uri.ts';

/** A file of this name in a folder of footage says that the disk is there: below it originals may be removed. */
export const ROOT_MARKER = '.hs-root';

/** The nearest folder above a file that has a readable marker; a disk that is not mounted has none, and object storage never: there nothing is removed. */
export async function findMarkedRoot(path: string): Promise<string | undefined> {
  if (isObjectUri(path)) return undefined;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (await isMarked(folder)) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

async function isMarked(folder: string): Promise<boolean> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const marker = await open(join(folder, ROOT_MARKER), flags).catch(() => undefined);
  if (marker === undefined) return false;
  try {
    return (await marker.stat()).isFile();
  } finally {
    await marker.close();
  }
}
