import { objectUri, parseObjectUri, type ObjectPlace } from '../../domain/object-uri.ts';
import { problem, type Discovered } from '../discover/discovered.ts';
import { inSortedBlocks } from '../discover/read-folder.ts';
import { isReachedByWalk, type Selection } from '../discover/selection.ts';
import { MediaError } from '../media-error.ts';
import { mediaTypeOf } from '../media-suffixes.ts';
import { rememberStamp, stampOfObject } from './object-cache.ts';
import { listEntries, type ListedEntry, type ObjectStamp } from './object-store.ts';
import { toObjectError } from './store-errors.ts';

type Walk = { selection: Selection; signal: AbortSignal | undefined };
/** `prefix`: empty, or ending with `/`. */
type Prefix = { bucket: string; prefix: string; relativePath: string; root: string };
type Entry = { name: string; listed: ListedEntry };

/**
 * Streams the footage below places in object storage as `discoverFiles` does below folders: `/` parts keys into folders, each in natural order.
 * A root that another one covers is left out. Throws only the signal's reason.
 */
export async function* discoverObjects(roots: readonly string[], walk: Walk): AsyncGenerator<Discovered> {
  const done: string[] = [];
  for (const root of roots) {
    walk.signal?.throwIfAborted();
    const place = parseObjectUri(root);
    if (place === undefined || done.includes(root)) continue;
    const isFile = await isObject(place);
    const how = { selection: walk.selection, isFile };
    if (done.some((other) => isReachedByWalk(root, other, how))) continue;
    if (isFile) yield* takeNamed(walk, place);
    else {
      const prefix = place.key === '' ? '' : `${place.key}/`;
      yield* walkPrefix(walk, { bucket: place.bucket, prefix, relativePath: '', root });
      done.push(root);
    }
  }
}

/** Whether a key is an object's; one that can be both is a folder only where its name is no footage's. */
export async function isObject({ bucket, key }: ObjectPlace): Promise<boolean> {
  if (mediaTypeOf(key) === undefined) return false;
  return stampOfObject(objectUri({ bucket, key })).then(
    (stamp) => stamp !== undefined,
    () => false,
  );
}

async function* takeNamed({ selection }: Walk, { bucket, key }: ObjectPlace): AsyncGenerator<Discovered> {
  const path = objectUri({ bucket, key });
  const name = nameOf(key);
  const stamp = await stampOfObject(path).catch(() => undefined);
  if (stamp === undefined) yield problem(path, 'not_found', 'does not exist');
  else if (selection.isWantedFile(name, name)) {
    yield toFile({ path, root: objectUri({ bucket, key: key.slice(0, -name.length - 1) }), relativePath: name, stamp });
  }
}

async function* walkPrefix(walk: Walk, { bucket, prefix, relativePath, root }: Prefix): AsyncGenerator<Discovered> {
  const toEntry = (listed: ListedEntry): Entry => ({ name: listed.key.slice(prefix.length), listed });
  const keep = ({ name, listed }: Entry): boolean => isKept(walk, { path: relativePath + name, name, listed });
  try {
    for await (const block of inSortedBlocks(listEntries({ bucket, key: prefix }, walk.signal), { toEntry, keep })) {
      for (const { name, listed } of block) {
        walk.signal?.throwIfAborted();
        const path = objectUri({ bucket, key: listed.key });
        const relative = relativePath + name;
        if (listed.kind === 'unnamed') yield problem(path, 'name_not_utf8', 'the name is not valid UTF-8; rename it to have it read');
        else if (listed.kind === 'folder') yield* walkPrefix(walk, { bucket, prefix: listed.key, relativePath: relative, root });
        else yield toFile({ path, root, relativePath: relative, stamp: listed });
      }
    }
  } catch (error) {
    walk.signal?.throwIfAborted();
    const known = toObjectError(error);
    if (!(known instanceof MediaError)) throw error;
    yield problem(objectUri({ bucket, key: prefix }), 'unreadable', known.message);
  }
}

/** Also where the signal is looked at while a huge folder is read. An empty name is the mark of a folder itself. */
function isKept({ selection, signal }: Walk, { path, name, listed }: Entry & { path: string }): boolean {
  signal?.throwIfAborted();
  if (listed.kind === 'unnamed') return true;
  if (listed.kind === 'folder') return !selection.isLeftOut(path.slice(0, -1), name.slice(0, -1));
  return name !== '' && !selection.isLeftOut(path, name) && selection.isWantedFile(path, name);
}

type Found = { path: string; root: string; relativePath: string; stamp: ObjectStamp };

function toFile({ path, root, relativePath, stamp }: Found): Discovered {
  rememberStamp(path, stamp);
  const { sizeBytes, modifiedAtMs, etag } = stamp;
  const mediaType = mediaTypeOf(relativePath) ?? 'video';
  return { kind: 'file', file: { path, root, relativePath, sizeBytes, modifiedAtMs, etag, inode: 0, mediaType } };
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
