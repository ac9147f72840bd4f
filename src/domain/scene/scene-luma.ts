import type { Size } from '../box.ts';
import { planLuma, toMotionLuma } from '../luma.ts';
import type { GreyPicture, RgbPicture } from '../picture.ts';

/** Luma of a picture as scenes are compared, whole numbers 0–255. */
export type ScenePicture = { width: number; height: number; data: Uint8Array };

/** Infrared pictures have no colour and are compared with infrared ones only. */
export const SCENE_MODES = ['day', 'ir'] as const;
export type SceneMode = (typeof SCENE_MODES)[number];

const SCENE_WIDTH = 640;
const MIN_COLOURFULNESS = 8;
/** Coded sizes such as 1920 × 1088 for 1920 × 1080 are the same view. */
const MAX_SHAPE_DIFFERENCE = 0.02;

/** At most 640 wide, shape kept, height even; never larger than the picture. */
export function sceneSize(picture: Size): Size {
  const width = Math.min(SCENE_WIDTH, picture.width);
  const height = Math.min(picture.height, Math.round((width * picture.height) / picture.width));
  return { width, height: Math.max(1, height - (height > 1 ? height % 2 : 0)) };
}

/** Whether pictures of this size can be compared with a reference: same shape, and not smaller, since enlarging looks like defocus. */
export function fitsReference(picture: Size, reference: Size): boolean {
  const shape = (picture.width * reference.height) / (picture.height * reference.width);
  return picture.width >= reference.width && picture.height >= reference.height && Math.abs(shape - 1) <= MAX_SHAPE_DIFFERENCE;
}

/** Area-averaged to `size`, which no side of the picture is smaller than. */
export function toScenePicture(picture: RgbPicture, size: Size = sceneSize(picture)): ScenePicture {
  return inWholeNumbers(toMotionLuma(picture, planLuma(picture, size)));
}

/** Rounded in a plain loop: `Uint8Array.from` takes sixty times as long, `Math.round` six times. */
export function inWholeNumbers({ width, height, data }: GreyPicture): ScenePicture {
  const whole = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 1) whole[at] = ((data[at] ?? 0) + 0.5) | 0;
  return { width, height, data: whole };
}

/** Day or infrared, by the mean difference of a pixel's colours. */
export function sceneMode({ data }: RgbPicture): SceneMode {
  let sum = 0;
  for (let at = 0; at + 2 < data.length; at += 3) {
    const [red, green, blue] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
    sum += Math.max(red, green, blue) - Math.min(red, green, blue);
  }
  return sum / (data.length / 3) < MIN_COLOURFULNESS ? 'ir' : 'day';
}
