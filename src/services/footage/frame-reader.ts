import { dirname } from 'node:path';

import type { MediaFileRow } from '../../db/models/media-files.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { cutPicture, type PictureCut } from '../../media/cut-picture.ts';
import { MediaError, ofFile } from '../../media/media-error.ts';
import { checkOriginal } from './check-original.ts';
import { ffmpegFinder, readFootageFrame, type DecodeSettings } from './read-footage-frame.ts';
import { readStill } from './read-still.ts';

export type FrameReader = {
  /** What is wanted of a frame that was analysed. Throws MediaError with the path of an original that is gone, changed or damaged. */
  read: (file: MediaFileRow, offsetMs: number, cut?: PictureCut) => Promise<RgbPicture>;
};

type ReaderOptions = { settings: DecodeSettings; verify: boolean; signal: AbortSignal };

/** Reads frames of originals that are still what was ingested; keeps the last one, as a frame often shows several objects. */
export function openFrameReader({ settings, ...check }: ReaderOptions): FrameReader {
  const tools = ffmpegFinder(settings);
  let checked: number | undefined;
  let last: { key: string; picture: RgbPicture } | undefined;
  const readVideo = async (file: MediaFileRow, offsetMs: number): Promise<RgbPicture> => {
    const key = `${String(file.id)} ${String(offsetMs)}`;
    if (last?.key !== key) last = { key, picture: await readFootageFrame(file, { offsetMs }, tools) };
    return last.picture;
  };
  return {
    async read(file, offsetMs, cut = {}) {
      try {
        if (checked !== file.id) await checkOriginal(file, check);
        checked = file.id;
        // What decodes stills keeps the last one itself.
        if (file.media_type === 'image') return await readStill({ path: file.path, root: dirname(file.path) }, cut);
        return await cutPicture(await readVideo(file, offsetMs), cut);
      } catch (error) {
        if (!(error instanceof MediaError)) throw error;
        throw ofFile(file.path, error);
      }
    },
  };
}
