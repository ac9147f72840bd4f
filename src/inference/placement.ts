import { clamp } from '../domain/box.ts';
import type { BoxXyxy, Size } from '../domain/box.ts';
import { fromLetterbox, planLetterbox } from '../domain/letterbox.ts';
import type { ModelCard } from './model-card.ts';

/** Where the scaled picture lies in the model's input. */
export type Placement = { scaled: Size; padX: number; padY: number; toOriginal(box: BoxXyxy): BoxXyxy };

/** `toOriginal` takes a box in pixels of the input to pixels of the original picture, clamped to it. */
export function placePicture(input: ModelCard['input'], original: Size): Placement {
  if (input.fit === 'letterbox') {
    const plan = planLetterbox(original, input, input.align);
    return { scaled: plan.scaled, padX: plan.padX, padY: plan.padY, toOriginal: (box) => fromLetterbox(box, plan, original) };
  }
  const scaled = { width: input.width, height: input.height };
  const x = original.width / scaled.width;
  const y = original.height / scaled.height;
  const toOriginal = (box: BoxXyxy): BoxXyxy => clampBox({ x1: box.x1 * x, y1: box.y1 * y, x2: box.x2 * x, y2: box.y2 * y }, original);
  return { scaled, padX: 0, padY: 0, toOriginal };
}

/** The part of the box that lies in the picture. */
export function clampBox(box: BoxXyxy, picture: Size): BoxXyxy {
  return {
    x1: clamp(box.x1, 0, picture.width),
    y1: clamp(box.y1, 0, picture.height),
    x2: clamp(box.x2, 0, picture.width),
    y2: clamp(box.y2, 0, picture.height),
  };
}
