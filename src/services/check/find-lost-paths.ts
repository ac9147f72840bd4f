import { access } from 'node:fs/promises';

import { collectBroken, type FindBroken } from '../../db/queries/check/broken.ts';
import { streamStoredPaths, type StoredPath } from '../../db/queries/check/media.ts';
import { mapConcurrently } from '../../lib/map-concurrently.ts';

/** A network share answers each look in ms: some at once, not all. */
const LOOKS = 16;

/** Paths the store names and the disk of this machine does not have. */
export const findLostPaths: FindBroken = async (knex, scope) => {
  const broken = collectBroken(scope.limit);
  for await (const lost of mapConcurrently(streamStoredPaths(knex, scope), reasonIfLost, { concurrency: LOOKS })) {
    if (lost !== undefined) broken.add(lost);
  }
  return broken;
};

async function reasonIfLost({ place, path }: StoredPath): Promise<{ where: string; text: string } | undefined> {
  try {
    await access(path);
    return undefined;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'cannot be reached';
    return { where: place, text: `${path} ${reason}` };
  }
}
