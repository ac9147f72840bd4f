import { chmodSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Where the demo keeps its database: inside its own folder, so that it can be looked at afterwards. As root PostgreSQL
 * runs as another account, which may not be able to enter that folder; then below the temporary folder.
 */
export function chooseHome(outFolder: string): string {
  const wanted = path.join(outFolder, 'home');
  const usable =
    process.getuid?.() === 0 && !isOpenToAll(path.resolve(outFolder)) ? mkdtempSync(path.join(os.tmpdir(), 'hs-demo-')) : wanted;
  mkdirSync(usable, { recursive: true });
  if (usable !== wanted) chmodSync(usable, 0o755);
  return usable;
}

function isOpenToAll(folder: string): boolean {
  if ((statSync(folder).mode & 0o001) === 0) return false;
  const parent = path.dirname(folder);
  return parent === folder || isOpenToAll(parent);
}
