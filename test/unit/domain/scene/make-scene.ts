import type { RgbPicture } from '../../../../src/domain/picture.ts';
import type { ScenePicture } from '../../../../src/domain/scene/scene-luma.ts';

export function grey(size: { width: number; height: number }, value: (x: number, y: number) => number): ScenePicture {
  const { width, height } = size;
  return { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))) };
}

/** The picture with another value for each of its values. */
export function mapped(picture: ScenePicture, change: (value: number, index: number) => number): ScenePicture {
  return { ...picture, data: picture.data.map(change) };
}

export function rgb(size: { width: number; height: number }, colour: (x: number, y: number) => [number, number, number]): RgbPicture {
  const { width, height } = size;
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return colour(pixel % width, Math.floor(pixel / width))[i % 3]!;
  });
  return { width, height, data };
}
