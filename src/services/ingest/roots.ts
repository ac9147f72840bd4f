import { realpath, stat } from 'node:fs/promises';
import { dirname, sep } from 'node:path';

import { isObjectUri } from '../../domain/object-uri.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { requireObjectRoot } from '../../media/objects/require-root.ts';

/** Real paths of the given folders and files, and addresses in object storage. Throws UsageError for one that does not exist. */
export async function realRoots(paths: readonly string[]): Promise<string[]> {
  const roots: string[] = [];
  for (const path of paths) {
    if (isObjectUri(path)) {
      const root = await requireObjectRoot(path);
      if (!roots.includes(root)) roots.push(root);
      continue;
    }
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined) throw new UsageError(`there is no file or folder ${path}`, { code: 'not_found' });
    const found = await stat(real);
    if (!found.isDirectory() && !found.isFile()) throw new UsageError(`${path} is neither a folder nor a regular file`);
    if (!roots.includes(real)) roots.push(real);
  }
  return roots;
}

/** The given folder that a path lies in; of a file that was named by itself the folder around it. */
export function rootOf(roots: readonly string[], path: string): string {
  return roots.find((root) => path.startsWith(root.endsWith(sep) ? root : root + sep)) ?? dirname(path);
}
