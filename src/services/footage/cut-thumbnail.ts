import type { ThumbnailSighting } from '../../db/queries/thumbnail-sightings.ts';
import type { Size } from '../../domain/box.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { MediaError } from '../../media/media-error.ts';
import { readFootageFrame } from './read-footage-frame.ts';

/** The frame of a sighting, scaled down to fit; undefined where its footage is gone or cannot be read. */
export async function cutThumbnail(
  seen: ThumbnailSighting,
  largest: Size,
  tools: () => Promise<FfmpegTools>,
): Promise<RgbPicture | undefined> {
  try {
    return await readFootageFrame(seen, { offsetMs: seen.frame_offset_ms, cut: { within: largest } }, tools);
  } catch (error) {
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}
