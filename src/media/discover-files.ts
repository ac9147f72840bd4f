import type { Stats } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { isObjectUri } from '../domain/object-uri.ts';
import { problem, problemOf, type Discovered, type FoundFile } from './discover/discovered.ts';
import { kindOf, readFolder, type FolderEntry } from './discover/read-folder.ts';
import { createSelection, isReachedByWalk, type DiscoverOptions, type Selection } from './discover/selection.ts';
import { mediaTypeOf, suffixOf } from './media-suffixes.ts';
import { discoverObjects } from './objects/discover-objects.ts';
import { isInside } from './open-media.ts';

type Root = { path: string; realPath: string; stats: Stats };
type Folder = { path: string; realPath: string; relativePath: string; root: string };
type Walk = {
  selection: Selection;
  signal: AbortSignal | undefined;
  roots: Root[];
  skipped: ReadonlySet<string>;
  /** Real paths of finished roots and of what links led to; each is walked once. */
  done: Set<string>;
  linkedFolders: string[];
  /** Roots that are folders and were walked to the end. */
  finished: Set<Root>;
};

/** Longer paths do not fit into an index of the database. */
const MAX_PATH_BYTES = 2500;
const STAT_AT_ONCE = 64;

/**
 * Streams the footage below the given folders or files, in natural name order within a folder, and everything that is
 * there but cannot be read. Memory stays bounded however big a folder is. A symbolic link is followed once per real path
 * and only to what lies inside a given root. A root may be a place in object storage. Throws only the signal's reason.
 */
export async function* discoverFiles(roots: readonly string[], options: DiscoverOptions = {}): AsyncGenerator<Discovered, void, undefined> {
  const walk: Walk = {
    selection: createSelection(options),
    signal: options.signal,
    roots: [],
    skipped: await realPathsOf(options.skipFolders ?? []),
    done: new Set(),
    linkedFolders: [],
    finished: new Set(),
  };
  const objectRoots = roots.filter(isObjectUri);
  for (const given of roots) {
    if (isObjectUri(given)) continue;
    const path = resolve(given);
    try {
      const realPath = await realpath(path);
      walk.roots.push({ path, realPath, stats: await stat(realPath) });
    } catch (error) {
      yield problemOf(given, error);
    }
  }
  for (const root of walk.roots) yield* walkRoot(walk, root);
  yield* discoverObjects(objectRoots, walk);
}

async function* walkRoot(walk: Walk, root: Root): AsyncGenerator<Discovered> {
  const { path, realPath, stats } = root;
  walk.signal?.throwIfAborted();
  const how = { selection: walk.selection, isFile: !stats.isDirectory() };
  const isCovered = walk.roots.some((each) => walk.finished.has(each) && isReachedByWalk(realPath, each.realPath, how));
  if (walk.done.has(realPath) || isCovered) return;
  if (stats.isDirectory()) {
    yield* walkFolder(walk, { path, realPath, relativePath: '', root: path });
    walk.done.add(realPath);
    walk.finished.add(root);
  } else if (!stats.isFile()) {
    yield problem(path, 'special_file', 'neither a file nor a folder');
  } else if (mediaTypeOf(path) === undefined) {
    yield problem(path, 'not_media', `.${suffixOf(path)} is not a suffix of pictures or videos`);
  } else {
    walk.done.add(realPath);
    const name = basename(path);
    if (!walk.selection.isWantedFile(name, name)) return;
    yield toFile({ path: realPath, root: dirname(realPath), relativePath: name, stats });
  }
}

async function* walkFolder(walk: Walk, folder: Folder): AsyncGenerator<Discovered> {
  const isDoneBefore = folder.relativePath !== '' && walk.done.has(folder.realPath);
  if (isDoneBefore || walk.skipped.has(folder.realPath)) return;
  try {
    for await (const block of readFolder(folder.path, (entry) => isKept(walk, folder, entry))) {
      for (let at = 0; at < block.length; at += STAT_AT_ONCE) {
        walk.signal?.throwIfAborted();
        const entries = await Promise.all(block.slice(at, at + STAT_AT_ONCE).map((entry) => inspect(folder, entry)));
        for (const entry of entries) yield* visit(walk, folder, entry);
      }
    }
  } catch (error) {
    walk.signal?.throwIfAborted();
    yield problemOf(folder.path, error);
  }
}

/** Also where the signal is looked at while a huge folder is read. */
function isKept({ selection, signal }: Walk, folder: Folder, { name, kind }: FolderEntry): boolean {
  signal?.throwIfAborted();
  const path = below(folder, name);
  if (selection.isLeftOut(path, name)) return false;
  return kind !== 'file' || selection.isWantedFile(path, name);
}

type Inspected = FolderEntry & { stats?: Stats; error?: unknown };

async function inspect(folder: Folder, entry: FolderEntry): Promise<Inspected> {
  if (entry.isEscaped || (entry.kind !== 'file' && entry.kind !== 'unknown')) return entry;
  try {
    const stats = await lstat(join(folder.path, entry.name));
    return { ...entry, kind: kindOf(stats), stats };
  } catch (error) {
    return { ...entry, error };
  }
}

async function* visit(walk: Walk, folder: Folder, entry: Inspected): AsyncGenerator<Discovered> {
  const path = join(folder.path, entry.name);
  const relativePath = below(folder, entry.name);
  const child = { path, realPath: join(folder.realPath, entry.name), relativePath, root: folder.root };
  if (entry.isEscaped) yield problem(path, 'name_not_utf8', 'the name is not valid UTF-8; rename it to have it read');
  else if (Buffer.byteLength(path) > MAX_PATH_BYTES)
    yield problem(path, 'path_too_long', `the path is longer than ${MAX_PATH_BYTES} bytes`);
  else if (entry.error !== undefined) yield problemOf(path, entry.error);
  else if (entry.kind === 'folder') yield* walkFolder(walk, child);
  else if (entry.kind === 'link') yield* followLink(walk, child);
  else if (entry.kind !== 'file') yield problem(path, 'special_file', 'not a regular file (FIFO, socket or device)');
  else if (entry.stats && walk.selection.isWantedFile(relativePath, entry.name) && !walk.done.has(child.realPath)) {
    yield toFile({ ...child, stats: entry.stats });
  }
}

async function* followLink(walk: Walk, link: Folder): AsyncGenerator<Discovered> {
  const mayBeFootage = mediaTypeOf(link.path) !== undefined || suffixOf(link.path) === '';
  let target: { realPath: string; stats: Stats };
  try {
    const realPath = await realpath(link.path);
    target = { realPath, stats: await stat(realPath) };
  } catch {
    if (mayBeFootage) yield problem(link.path, 'broken_link', 'a symbolic link that leads nowhere');
    return;
  }
  const { realPath, stats } = target;
  if (!stats.isDirectory() && mediaTypeOf(link.path) === undefined) return;
  const root = walk.roots.find((each) => isInside(realPath, each.realPath));
  if (!root) yield problem(link.path, 'outside_root', 'a symbolic link to a place outside the given folders');
  else if (!isReachedOtherwise(walk, realPath, stats)) yield* enterLink(walk, { ...link, realPath }, { root, stats });
}

function isReachedOtherwise(walk: Walk, realPath: string, stats: Stats): boolean {
  if (walk.done.has(realPath) || walk.linkedFolders.some((linked) => isInside(realPath, linked))) return true;
  const how = { selection: walk.selection, isFile: !stats.isDirectory() };
  return walk.roots.some((root) => root.stats.isDirectory() && isReachedByWalk(realPath, root.realPath, how));
}

async function* enterLink(walk: Walk, link: Folder, target: { root: Root; stats: Stats }): AsyncGenerator<Discovered> {
  const { realPath, relativePath } = link;
  if (target.stats.isDirectory()) {
    walk.linkedFolders.push(realPath);
    yield* walkFolder(walk, link);
  } else if (!target.stats.isFile()) {
    yield problem(link.path, 'special_file', 'a symbolic link to a FIFO, socket or device');
  } else if (walk.selection.isWantedFile(relativePath, basename(relativePath))) {
    yield toFile({ path: realPath, root: target.root.realPath, relativePath, stats: target.stats });
  }
  walk.done.add(realPath);
}

function toFile(found: Pick<FoundFile, 'path' | 'root' | 'relativePath'> & { stats: Stats }): Discovered {
  const { path, root, relativePath, stats } = found;
  const mediaType = mediaTypeOf(relativePath) ?? 'video';
  const { size: sizeBytes, ino: inode } = stats;
  return { kind: 'file', file: { path, root, relativePath, sizeBytes, modifiedAtMs: Math.trunc(stats.mtimeMs), inode, mediaType } };
}

function below(folder: Folder, name: string): string {
  return folder.relativePath === '' ? name : `${folder.relativePath}/${name}`;
}

async function realPathsOf(paths: readonly string[]): Promise<Set<string>> {
  const found = await Promise.allSettled(paths.map((path) => realpath(path)));
  return new Set(found.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
}
