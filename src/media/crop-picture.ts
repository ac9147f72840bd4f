import type { Point, Size } from '../domain/box.ts';
import type { RgbPicture } from '../domain/picture.ts';
import { wholeSize } from './media-limits.ts';
import { sharpOfRgb } from './still/limited-sharp.ts';

/** In pixels of the picture, top-left corner. */
export type CropBox = { x: number; y: number } & Size;

export type Crop = {
  picture: RgbPicture;
  /** Before it was scaled. */
  original: Size;
  /** Of its top-left corner in the picture it was cut from. */
  origin: Point;
};

/** The part of a picture inside a box, scaled to the size `scaleTo` answers; undefined when the box lies outside it. */
export async function cropPicture(picture: RgbPicture, box: CropBox, scaleTo: (crop: Size) => Size): Promise<Crop | undefined> {
  const left = Math.max(0, Math.floor(box.x));
  const top = Math.max(0, Math.floor(box.y));
  const width = Math.min(picture.width, Math.ceil(box.x + box.width)) - left;
  const height = Math.min(picture.height, Math.ceil(box.y + box.height)) - top;
  if (width <= 0 || height <= 0) return undefined;
  const target = wholeSize(scaleTo({ width, height }));
  const data = await sharpOfRgb(picture)
    .extract({ left, top, width, height })
    .resize(target.width, target.height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  return { picture: { ...target, data }, original: { width, height }, origin: { x: left, y: top } };
}
