import { clamp } from './box.ts';
import type { BoxXyxy, Size } from './box.ts';

/** Where the scaled picture lies in the model's input; `padX`, `padY` are the border on the left and the top in pixels. */
export type LetterboxPlan = { scale: number; scaled: Size; padX: number; padY: number };

export type LetterboxAlign = 'centre' | 'top-left';

/** Keeps the shape: one scale for both sides, the rest of the input is border. */
export function planLetterbox(original: Size, input: Size, align: LetterboxAlign): LetterboxPlan {
  const scale = Math.min(input.width / original.width, input.height / original.height);
  const scaled = {
    width: Math.max(1, Math.round(original.width * scale)),
    height: Math.max(1, Math.round(original.height * scale)),
  };
  if (align === 'top-left') return { scale, scaled, padX: 0, padY: 0 };
  return {
    scale,
    scaled,
    padX: Math.floor((input.width - scaled.width) / 2),
    padY: Math.floor((input.height - scaled.height) / 2),
  };
}

/** A box in pixels of the model's input → the same box in pixels of the original picture, clamped to it. */
export function fromLetterbox(box: BoxXyxy, plan: LetterboxPlan, original: Size): BoxXyxy {
  const toX = (value: number): number => clamp((value - plan.padX) / plan.scale, 0, original.width);
  const toY = (value: number): number => clamp((value - plan.padY) / plan.scale, 0, original.height);
  return { x1: toX(box.x1), y1: toY(box.y1), x2: toX(box.x2), y2: toY(box.y2) };
}
