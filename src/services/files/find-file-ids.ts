import { resolve } from 'node:path';
import type { Knex } from 'knex';
import { findFileIdsByPath, findMissingFileIds } from '../../db/queries/media-files.ts';
import { UsageError } from '../../errors/hs-error.ts';

/** Ledger ids of files named by id or by path (as stored, or relative to the current folder). A name that is no file's is an error. */
export async function findFileIds(knex: Knex, names: readonly string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const name of names) ids.push(...(await idsOf(knex, name)));
  const [missing] = await findMissingFileIds(knex, ids);
  if (missing !== undefined) throw noSuchFile(`no file of the ledger has the id ${String(missing)}`);
  return ids;
}

async function idsOf(knex: Knex, name: string): Promise<number[]> {
  if (/^\d{1,15}$/.test(name)) return [Number(name)];
  for (const path of new Set([name, resolve(name)])) {
    const ids = await findFileIdsByPath(knex, path);
    if (ids.length > 0) return ids;
  }
  throw noSuchFile(`no file of the ledger is at ${name}`);
}

function noSuchFile(message: string): UsageError {
  return new UsageError(message, { code: 'file_unknown', hint: 'give the id or the path that `hs files list` shows' });
}
