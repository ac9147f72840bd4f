import { unlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

import { CLIP_FOLDER, isClipName } from './clip-name.ts';

/**
 * Removes the clips of events that were deleted, after that is committed; takes what `deleteEvents` returned. A path that no clip of hs can
 * have is left alone, whatever the row said. What cannot be removed is found by `hs check --files`. Returns how many went.
 */
export async function removeClips(paths: readonly string[]): Promise<number> {
  let removed = 0;
  for (const path of paths) if (isClipPath(path) && (await isRemoved(path))) removed += 1;
  return removed;
}

function isClipPath(path: string): boolean {
  return isClipName(basename(path)) && basename(dirname(path)) === CLIP_FOLDER;
}

async function isRemoved(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch {
    return false;
  }
}
