import { realpath, stat } from 'node:fs/promises';
import { dirname, sep } from 'node:path';

import { UsageError } from '../../errors/hs-error.ts';

/** Real paths of the given folders and files. Throws UsageError for one that does not exist. */
export async function realRoots(paths: readonly string[]): Promise<string[]> {
  const roots: string[] = [];
  for (const path of paths) {
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
