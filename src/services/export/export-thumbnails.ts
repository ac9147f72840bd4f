import type { Knex } from 'knex';
import { findThumbnailSighting, type ThumbnailSighting } from '../../db/queries/thumbnail-sightings.ts';
import { THUMBNAIL_SIZE, type Thumbnail } from '../../exporters/excel/drawing-xml.ts';
import type { ThumbnailSource } from '../../exporters/excel/sheet-texts.ts';
import { encodeJpeg } from '../../media/drawing/encode-jpeg.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { cutThumbnail } from '../footage/cut-thumbnail.ts';
import { ffmpegFinder, type DecodeSettings } from '../footage/read-footage-frame.ts';

/** Rows with a picture: one costs a seek in the footage, and all are held until the rows are written (about 5 kB each). */
const MOST_THUMBNAILS = 500;

/** Frames of the footage, small, for rows found by their id; one that cannot be read any more is left out. */
export function thumbnailsFor(knex: Knex, type: 'events' | 'detections', settings: DecodeSettings): ThumbnailSource {
  const tools = ffmpegFinder(settings);
  return {
    most: MOST_THUMBNAILS,
    of: async ({ id }) => {
      const seen = typeof id === 'number' ? await findThumbnailSighting(knex, type, id) : undefined;
      return seen && (await thumbnailOf(seen, tools));
    },
  };
}

async function thumbnailOf(seen: ThumbnailSighting, tools: () => Promise<FfmpegTools>): Promise<Thumbnail | undefined> {
  const picture = await cutThumbnail(seen, THUMBNAIL_SIZE, tools);
  if (picture === undefined) return undefined;
  const { width, height } = picture;
  return { jpeg: await encodeJpeg(picture), width, height, description: `${seen.object_type ?? 'object'} at ${seen.camera_id}` };
}
