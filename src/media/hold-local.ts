import { isObjectUri } from '../domain/object-uri.ts';
import { holdCopy, type HeldCopy } from './objects/object-cache.ts';

/**
 * Where another process finds a file of the ledger until it is released: processes that decode have no credentials and ask no store. Throws
 * MediaError for an object that cannot be had.
 */
export async function holdLocal(path: string): Promise<HeldCopy> {
  return isObjectUri(path) ? holdCopy(path) : { path, release: () => Promise.resolve() };
}
