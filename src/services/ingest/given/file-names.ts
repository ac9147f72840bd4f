import { basename, relative, sep } from 'node:path';

import type { FileNames } from '../../../db/given-detections.ts';
import { entryKey, foldedKey } from '../../../domain/given/entry-key.ts';

/** What a document may call a file: its path from a given folder on, or the whole one. */
export function namesOf({ id, path }: { id: number; path: string }, roots: readonly string[]): FileNames {
  const below = roots.flatMap((root) => {
    if (root === path) return [basename(path)];
    return path.startsWith(root.endsWith(sep) ? root : root + sep) ? [relative(root, path)] : [];
  });
  const keys = [...new Set([...below, path].map(entryKey))];
  return { id, keys, folded: keys.map(foldedKey) };
}
