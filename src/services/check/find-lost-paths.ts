import { access } from 'node:fs/promises';

import { collectBroken, type FindBroken } from '../../db/queries/check/broken.ts';
import { streamStoredPaths, type StoredPath } from '../../db/queries/check/media.ts';
import { isObjectUri } from '../../domain/object-uri.ts';
import { mapConcurrently } from '../../lib/map-concurrently.ts';
import { footageStats } from '../../media/footage-stats.ts';

/** A network share answers each look in ms: some at once, not all. */
const LOOKS = 16;

/** Paths the store names and neither the disk of this machine nor object storage has. */
export const findLostPaths: FindBroken = async (knex, scope) => {
  const broken = collectBroken(scope.limit);
  for await (const lost of mapConcurrently(streamStoredPaths(knex, scope), reasonIfLost, { concurrency: LOOKS })) {
    if (lost !== undefined) broken.add(lost);
  }
  return broken;
};

async function reasonIfLost({ place, path }: StoredPath): Promise<{ where: string; text: string } | undefined> {
  try {
    if (!isObjectUri(path)) await access(path);
    else if ((await footageStats(path)) === undefined) return { where: place, text: `${path} is not there` };
    return undefined;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'cannot be reached';
    return { where: place, text: `${path} ${reason}` };
  }
}
