import { sep } from 'node:path';

import { pathMatcher } from '../match-path-pattern.ts';
import { isIgnoredName, mediaTypeOf } from '../media-suffixes.ts';
import { isInside } from '../open-media.ts';

export type DiscoverOptions = {
  /** Patterns of `pathMatcher`; a file must match one of them. */
  include?: readonly string[] | undefined;
  /** A file or folder that matches one is left out, with all that is in it. */
  exclude?: readonly string[] | undefined;
  /** Folders of our own (home, output), wherever they lie. */
  skipFolders?: readonly string[] | undefined;
  signal?: AbortSignal | undefined;
};

/** Which paths are footage by name, without looking at the disk. Paths are relative to the root, `/` as separator. */
export type Selection = {
  isLeftOut: (relativePath: string, name: string) => boolean;
  isWantedFile: (relativePath: string, name: string) => boolean;
};

export function createSelection(options: DiscoverOptions): Selection {
  const include = (options.include ?? []).map(pathMatcher);
  const exclude = (options.exclude ?? []).map(pathMatcher);
  return {
    isLeftOut: (path, name) => isIgnoredName(name) || exclude.some((matches) => matches(path)),
    isWantedFile: (path, name) => mediaTypeOf(name) !== undefined && (include.length === 0 || include.some((matches) => matches(path))),
  };
}

/** Whether the walk below `realRoot` comes across this real path by itself, so that a link to it adds nothing. */
export function isReachedByWalk(realPath: string, realRoot: string, walk: { selection: Selection; isFile: boolean }): boolean {
  if (!isInside(realPath, realRoot)) return false;
  const parts = realPath
    .slice(realRoot.length)
    .split(sep)
    .filter((part) => part !== '');
  const isOnTheWay = parts.every((part, index) => !walk.selection.isLeftOut(parts.slice(0, index + 1).join('/'), part));
  return isOnTheWay && (!walk.isFile || walk.selection.isWantedFile(parts.join('/'), parts.at(-1) ?? ''));
}
