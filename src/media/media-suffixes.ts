import type { MediaType } from '../domain/enums.ts';

const STILL_SUFFIXES = new Set(['jpg', 'jpeg', 'png', 'webp', 'bmp', 'gif', 'tif', 'tiff']);
const VIDEO_SUFFIXES = new Set('mp4 m4v mkv avi mov ts mts m2ts webm flv 3gp mpg mpeg dav 264 h264 265 h265'.split(' '));
/** Proprietary containers of camera systems. They are listed, so that the user sees that nothing was read from them. */
export const UNSUPPORTED_SUFFIXES = new Set(['bvr']);

const IGNORED_FOLDERS = new Set(['@eadir', 'lost+found']);

/** Lower case, without the dot; empty when there is none. */
export function suffixOf(path: string): string {
  return /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
}

/** By suffix alone; undefined for what is not footage (`Thumbs.db`, `.idx`, `.part` and everything else). */
export function mediaTypeOf(name: string): MediaType | undefined {
  const suffix = suffixOf(name);
  if (STILL_SUFFIXES.has(suffix)) return 'image';
  return VIDEO_SUFFIXES.has(suffix) || UNSUPPORTED_SUFFIXES.has(suffix) ? 'video' : undefined;
}

/** Dot files and folders, and the folders that file servers and file systems keep for themselves. */
export function isIgnoredName(name: string): boolean {
  const lower = name.toLowerCase();
  return lower.startsWith('.') || IGNORED_FOLDERS.has(lower);
}
