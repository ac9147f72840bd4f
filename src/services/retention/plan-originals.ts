import { dirname } from 'node:path';
import type { Knex } from 'knex';

import { countOriginals, type OriginalsQuery } from '../../db/queries/retention/originals.ts';
import { findMarkedRoot } from '../../media/marked-root.ts';
import { unusedOriginals } from './prune-originals.ts';

export type OriginalsCount = { rows: number; over_age: number; goes: number; bytes: number; unmarked: number };

/** What a prune would remove from the disk. Files below no marked folder stay. */
export async function countUnusedOriginals(knex: Knex, query: OriginalsQuery): Promise<OriginalsCount> {
  const count = { ...(await countOriginals(knex, query.limits)), goes: 0, bytes: 0, unmarked: 0 };
  let folder = { path: '', isMarked: false };
  for await (const { path, size_bytes: bytes } of unusedOriginals(knex, query)) {
    // neighbours in the ledger mostly lie in one folder
    if (dirname(path) !== folder.path) folder = { path: dirname(path), isMarked: (await findMarkedRoot(path)) !== undefined };
    if (!folder.isMarked) count.unmarked += 1;
    else {
      count.goes += 1;
      count.bytes += bytes;
    }
  }
  return count;
}
