import { realpath, stat } from 'node:fs/promises';
import { dirname, parse, relative, sep } from 'node:path';

import { embeddedTimeOfStill, type EmbeddedTime } from '../../domain/time/embedded-time.ts';
import { isObjectUri } from '../../domain/object-uri.ts';
import { UnavailableError, UsageError } from '../../errors/hs-error.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { footageStats } from '../../media/footage-stats.ts';
import { MediaError } from '../../media/media-error.ts';
import { mediaTypeOf, suffixOf } from '../../media/media-suffixes.ts';
import { isInside, withMedia, type MediaLocation } from '../../media/open-media.ts';
import { probeStill } from '../../media/probe-still.ts';
import { probeVideo } from '../../media/probe-video.ts';
import { sniffMedia } from '../../media/sniff-media.ts';

/** A file to explain, by its real path. */
export type ExplainedFile = MediaLocation & {
  /** As given. */
  shownPath: string;
  /** Below `root`, '/' separated. */
  relativePath: string;
  modifiedAtMs: number;
};

/** What a file's own bytes say about its time; `unreadable` says why there is nothing more. */
export type ReadTimes = {
  mediaType: 'image' | 'video';
  durationMs?: number;
  embedded?: EmbeddedTime;
  unreadable?: { code: string; message: string };
};

const HEAD_BYTES = 4096;

/**
 * Finds a file and the folder its path is read from: the given one, else the current folder, else for a file outside that
 * the root of the file system. Throws UsageError for what is no file of footage.
 */
export async function findExplainedFile(shownPath: string, folders: { root?: string | undefined; cwd: string }): Promise<ExplainedFile> {
  if (isObjectUri(shownPath)) return findExplainedObject(shownPath, folders.root);
  const path = await realpath(shownPath).catch(() => undefined);
  if (path === undefined) throw new UsageError(`there is no file ${shownPath}`, { code: 'not_found' });
  const found = await stat(path);
  if (found.isDirectory()) throw new UsageError(`${shownPath} is a folder`, { hint: 'name one or more files in it' });
  if (mediaTypeOf(path) === undefined) throw new UsageError(`${shownPath} has no suffix of a picture or video`);
  const root = await rootFor(path, folders);
  return { shownPath, path, root, relativePath: relative(root, path).split(sep).join('/'), modifiedAtMs: Math.trunc(found.mtimeMs) };
}

/** Of an object the root is the bucket, where none is given. */
async function findExplainedObject(path: string, given: string | undefined): Promise<ExplainedFile> {
  const found = await footageStats(path);
  if (found === undefined) throw new UsageError(`there is no object ${path}`, { code: 'not_found' });
  if (mediaTypeOf(path) === undefined) throw new UsageError(`${path} has no suffix of a picture or video`);
  const root = given?.replace(/\/$/, '') ?? path.split('/').slice(0, 3).join('/');
  if (!path.startsWith(`${root}/`)) throw new UsageError(`${path} does not lie in the folder ${root} given by --root`);
  return { shownPath: path, path, root, relativePath: path.slice(root.length + 1), modifiedAtMs: found.modifiedAtMs };
}

async function rootFor(path: string, { root, cwd }: { root?: string | undefined; cwd: string }): Promise<string> {
  const wanted = await realpath(root ?? cwd).catch(() => undefined);
  if (wanted !== undefined && wanted !== path && isInside(path, wanted)) return wanted;
  if (root !== undefined) throw new UsageError(`${path} does not lie in the folder ${root} given by --root`);
  return parse(dirname(path)).root;
}

/** Asks the file itself: EXIF, or the container's length and creation time. Damage is an answer too, and so is a missing ffmpeg. */
export async function readFileTimes(file: ExplainedFile, tools: () => Promise<FfmpegTools>): Promise<ReadTimes> {
  let mediaType = mediaTypeOf(file.path) ?? 'video';
  try {
    mediaType = await sniffType(file);
    return { mediaType, ...(mediaType === 'image' ? await readStillTimes(file) : await readVideoTimes(file, await tools())) };
  } catch (error) {
    if (error instanceof MediaError || error instanceof UnavailableError)
      return { mediaType, unreadable: { code: error.code, message: error.message } };
    throw error;
  }
}

async function sniffType(file: MediaLocation & { path: string }): Promise<'image' | 'video'> {
  return withMedia(file, async (handle) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return sniffMedia(buffer.subarray(0, bytesRead), suffixOf(file.path)).mediaType;
  });
}

async function readStillTimes(file: MediaLocation): Promise<Omit<ReadTimes, 'mediaType'>> {
  const { exif } = await probeStill(file);
  const embedded = exif && embeddedTimeOfStill(exif);
  return embedded ? { embedded } : {};
}

async function readVideoTimes(file: MediaLocation, tools: FfmpegTools): Promise<Omit<ReadTimes, 'mediaType'>> {
  const { durationMs, creationTime } = await probeVideo(file, tools);
  return { ...(durationMs !== undefined && { durationMs }), ...(creationTime && { embedded: creationTime }) };
}
