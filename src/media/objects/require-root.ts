import { objectUri, parseObjectUri } from '../../domain/object-uri.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { isObject } from './discover-objects.ts';
import { hasKeysBelow } from './object-store.ts';
import { toRootError } from './store-errors.ts';

/**
 * The address of a root as the ledger has it, without `/` at its end. Throws UsageError where nothing is there or may be listed, TemporaryError where
 * the store cannot be reached: said once, before anything is begun.
 */
export async function requireObjectRoot(given: string): Promise<string> {
  const place = parseObjectUri(given);
  if (place === undefined)
    throw new UsageError(`${given} is no place in object storage`, { hint: 'write s3://BUCKET or s3://BUCKET/FOLDER' });
  const key = place.key.replace(/\/$/, '');
  const root = objectUri({ ...place, key });
  try {
    const isThere =
      (await hasKeysBelow({ ...place, key: key === '' ? '' : `${key}/` })) || key === '' || (await isObject({ ...place, key }));
    if (!isThere) throw new UsageError(`there is nothing at ${root}`, { code: 'not_found', hint: 'check the names of bucket and folder' });
    return root;
  } catch (error) {
    throw toRootError(root, error);
  }
}
