import type { ScenePicture } from './scene-luma.ts';
import { eachWindowRow, WINDOW_PIXELS as PIXELS, type WindowSums } from './window-sums.ts';

/** `correlation`: how far the same things are seen, −1…1; `similarity`: SSIM without its terms of brightness and contrast, 0…1. */
export type SceneStructure = { correlation: number; similarity: number };

/** Every other window each way: they overlap. */
const STEP = 2;
/** C2 ÷ 2 of SSIM, so that evenness is like evenness, whatever its noise. */
const C3 = (0.03 * 255) ** 2 / 2;
/** Of 10 grey levels; below it noise has its say in a correlation. */
const TEXTURE_VARIANCE = 100;
const BURNT_MEAN = 245;
const MIN_TEXTURED_SHARE = 0.02;
const MIN_USABLE_SHARE = 0.5;

/**
 * What two pictures of one size have in common whatever the light: the mean correlation of windows of 7 × 7 in which either has texture.
 * Burnt-out windows have nothing left to compare. Undefined when too little is left.
 */
export function commonStructure(a: ScenePicture, b: ScenePicture, leftOut?: Uint8Array): SceneStructure | undefined {
  const sum = { windows: 0, similarity: 0, textured: 0, usable: 0, correlation: 0 };
  eachWindowRow({ a, b, leftOut }, STEP, (windows) => {
    for (let at = 0; at < windows.leftOut.length; at += STEP) if (windows.leftOut[at] === 0) add(sum, windows, at);
  });
  const { windows, textured, usable } = sum;
  if (usable === 0 || textured < MIN_TEXTURED_SHARE * windows || usable < MIN_USABLE_SHARE * textured) return undefined;
  return { correlation: sum.correlation / usable, similarity: Math.min(1, Math.max(0, sum.similarity / windows)) };
}

type Sum = Record<'windows' | 'similarity' | 'textured' | 'usable' | 'correlation', number>;

function add(sum: Sum, { sumA, sumB, squaresA, squaresB, products }: WindowSums, at: number): void {
  const meanA = (sumA[at] ?? 0) / PIXELS;
  const meanB = (sumB[at] ?? 0) / PIXELS;
  const varianceA = Math.max(0, spread(squaresA[at] ?? 0, meanA * meanA));
  const varianceB = Math.max(0, spread(squaresB[at] ?? 0, meanB * meanB));
  const covariance = spread(products[at] ?? 0, meanA * meanB);
  const deviations = Math.sqrt(varianceA * varianceB);
  sum.windows += 1;
  sum.similarity += (covariance + C3) / (deviations + C3);
  if (Math.max(varianceA, varianceB) < TEXTURE_VARIANCE) return;
  sum.textured += 1;
  if (Math.max(meanA, meanB) >= BURNT_MEAN) return;
  sum.usable += 1;
  if (deviations > 0) sum.correlation += covariance / deviations;
}

function spread(sum: number, product: number): number {
  return (sum - PIXELS * product) / (PIXELS - 1);
}
