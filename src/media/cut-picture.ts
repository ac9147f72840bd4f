import { rescaleBox, type BoxXywh, type Size } from '../domain/box.ts';
import type { RgbPicture } from '../domain/picture.ts';
import { cropPicture } from './crop-picture.ts';
import { MediaError } from './media-error.ts';

/** What is wanted of a picture: what is inside a box in pixels of a picture as large as `of` (default: this one), scaled down to fit into `within`. */
export type PictureCut = { box?: BoxXywh; of?: Size | undefined; within?: Size };

/** All of the picture where no less is wanted. Throws MediaError `decode_failed` when the box lies outside it. */
export async function cutPicture(picture: RgbPicture, { box, of = picture, within = picture }: PictureCut): Promise<RgbPicture> {
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
  if (box === undefined && scaleInto(picture, within) === 1) return picture;
  const crop = await cropPicture(picture, box === undefined ? whole : rescaleBox(box, of, picture), (size) => fitInto(size, within));
  if (crop === undefined) throw new MediaError('decode_failed', 'has no pixels inside the box');
  return crop.picture;
}

/** The size scaled down, never up, until it fits; at least 1 × 1. */
export function fitInto(size: Size, within: Size): Size {
  const scale = scaleInto(size, within);
  return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) };
}

function scaleInto(size: Size, within: Size): number {
  return Math.min(1, within.width / size.width, within.height / size.height);
}
