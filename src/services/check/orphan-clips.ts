import { opendir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Knex } from 'knex';

import { collectBroken, type FindBroken, type Repair } from '../../db/queries/check/broken.ts';
import { findClipsOfEvents } from '../../db/queries/clip-footage.ts';
import { batch } from '../../lib/batch.ts';
import { CLIP_FOLDER, clipEventId, CLIP_WORK_FOLDER } from '../clips/clip-name.ts';

const AT_ONCE = 500;
/** A clip lies there before its event knows of it. */
const YOUNG_MS = 3_600_000;

/** Files that look like clips of hs, and folders it left while it made one, that no event names. */
export const findOrphanClips: FindBroken = async (knex, { home, limit }) => {
  const broken = collectBroken(limit);
  for await (const path of orphans(knex, join(home, CLIP_FOLDER))) broken.add({ where: path, text: 'belongs to no event' });
  return broken;
};

export const removeOrphanClips: Repair = async (trx, { home }) => {
  let removed = 0;
  for await (const path of orphans(trx, join(home, CLIP_FOLDER))) {
    await rm(path, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
};

async function* orphans(knex: Knex, folder: string): AsyncGenerator<string> {
  for await (const names of batch(listNames(folder), { count: AT_ONCE })) {
    const ids = names.flatMap((name) => clipEventId(name) ?? []);
    const known = new Set((await findClipsOfEvents(knex, ids)).map((path) => basename(path)));
    for (const name of names) if (!known.has(name) && (await isOld(join(folder, name)))) yield join(folder, name);
  }
}

async function* listNames(folder: string): AsyncGenerator<string> {
  const entries = await opendir(folder).catch(() => undefined);
  if (entries === undefined) return;
  for await (const entry of entries) {
    const isClip = entry.isFile() && clipEventId(entry.name) !== undefined;
    if (isClip || (entry.isDirectory() && entry.name.startsWith(CLIP_WORK_FOLDER))) yield entry.name;
  }
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > YOUNG_MS;
}
