import { stat } from 'node:fs/promises';

import { isObjectUri } from '../domain/object-uri.ts';
import { stampOfObject } from './objects/object-cache.ts';

export type FootageStats = { sizeBytes: number; modifiedAtMs: number };

/** What stands at a path of the ledger now, wherever that is; undefined where nothing is. Of an object throws MediaError `unreadable`. */
export async function footageStats(path: string): Promise<FootageStats | undefined> {
  if (isObjectUri(path)) return stampOfObject(path);
  const found = await stat(path).catch(() => undefined);
  return found && { sizeBytes: found.size, modifiedAtMs: found.mtimeMs };
}

/** What cannot be asked is not gone. */
export async function footageExists(path: string): Promise<boolean> {
  return footageStats(path).then(
    (found) => found !== undefined,
    () => true,
  );
}
