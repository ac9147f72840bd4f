import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { pathOfCopy } from '../objects/object-cache.ts';
import { isIsoMedia } from '../magic-numbers.ts';
import { MAX_VIDEO_PIXELS } from '../media-limits.ts';

/** No playlists, no image sequences, no scripts, no network streams: only containers that hold their own bytes. */
const DEMUXERS = 'matroska,avi,mpegts,mpeg,mpegvideo,flv,h264,hevc,dhav,m4v';
/**
 * Edit lists are not played: 387 kB with 5,000 of them, each all of the footage once more, took 1.4 GB and minutes. The
 * option is known to this demuxer only.
 */
const ISO_ARGUMENTS = ['-format_whitelist', 'mov', '-advanced_editlist', '0'];
const hasProcFd = process.platform === 'linux' && existsSync('/proc/self/fd');

/**
 * The guarded input for ffmpeg and ffprobe, up to and including the file, which begins with `head`. On Linux that is the descriptor that was checked
 * (3, see `runLimited`); a name that is swapped meanwhile, begins with a dash or holds a line end then plays no part.
 */
export function inputArguments(path: string, head: Uint8Array): string[] {
  const source = hasProcFd ? 'file:/proc/self/fd/3' : `file:${resolve(pathOfCopy(path) ?? path)}`;
  return [
    ...['-protocol_whitelist', 'file,pipe'],
    ...(isIsoMedia(head) ? ISO_ARGUMENTS : ['-format_whitelist', DEMUXERS]),
    ...['-max_pixels', String(MAX_VIDEO_PIXELS), '-i', source],
  ];
}
