import type { ThumbnailSighting } from '../../db/queries/thumbnail-sightings.ts';
import type { Size } from '../../domain/box.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { cropPicture } from '../../media/crop-picture.ts';
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
    const picture = await readFootageFrame(seen, seen.frame_offset_ms, tools);
    const scale = Math.min(1, largest.width / picture.width, largest.height / picture.height);
    const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
    const small = await cropPicture(picture, whole, ({ width, height }) => ({
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
    }));
    return small?.picture;
  } catch (error) {
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}
