import type { GreyPicture } from '../picture.ts';

/** `correlation`: how far the same things are seen, −1…1; `similarity`: SSIM without its terms of brightness and contrast, 0…1. */
export type SceneStructure = { correlation: number; similarity: number };

const WINDOW = 7;
const PIXELS = WINDOW * WINDOW;
/** Every other window each way: they overlap. */
const STEP = 2;
/** C2 ÷ 2 of SSIM, so that evenness is like evenness, whatever its noise. */
const C3 = (0.03 * 255) ** 2 / 2;
/** Of 10 grey levels; below it noise has its say in a correlation. */
const TEXTURE_VARIANCE = 100;
const BURNT_MEAN = 245;
const MIN_TEXTURED_SHARE = 0.02;
const MIN_USABLE_SHARE = 0.5;

type Window = { meanA: number; meanB: number; varianceA: number; varianceB: number; covariance: number };

/**
 * What two pictures of one size have in common whatever the light: the mean correlation of windows of 7 × 7 in which either has texture.
 * Burnt-out windows have nothing left to compare. Undefined when too little is left.
 */
export function commonStructure(a: GreyPicture, b: GreyPicture, leftOut?: Uint8Array): SceneStructure | undefined {
  const sum = { windows: 0, similarity: 0, textured: 0, usable: 0, correlation: 0 };
  for (let y = 0; y + WINDOW <= a.height; y += STEP) {
    for (let x = 0; x + WINDOW <= a.width; x += STEP) {
      const window = measureWindow({ a, b, leftOut }, y * a.width + x);
      if (window) add(sum, window);
    }
  }
  const { windows, textured, usable } = sum;
  if (usable === 0 || textured < MIN_TEXTURED_SHARE * windows || usable < MIN_USABLE_SHARE * textured) return undefined;
  return { correlation: sum.correlation / usable, similarity: Math.min(1, Math.max(0, sum.similarity / windows)) };
}

type Sum = Record<'windows' | 'similarity' | 'textured' | 'usable' | 'correlation', number>;

function add(sum: Sum, { meanA, meanB, varianceA, varianceB, covariance }: Window): void {
  const deviations = Math.sqrt(varianceA * varianceB);
  sum.windows += 1;
  sum.similarity += (covariance + C3) / (deviations + C3);
  if (Math.max(varianceA, varianceB) < TEXTURE_VARIANCE) return;
  sum.textured += 1;
  if (Math.max(meanA, meanB) >= BURNT_MEAN) return;
  sum.usable += 1;
  if (deviations > 0) sum.correlation += covariance / deviations;
}

type Pair = { a: GreyPicture; b: GreyPicture; leftOut: Uint8Array | undefined };

/** Undefined for a window with a pixel that is left out. */
function measureWindow({ a, b, leftOut }: Pair, start: number): Window | undefined {
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let row = 0, from = start; row < WINDOW; row += 1, from += a.width) {
    for (let at = from; at < from + WINDOW; at += 1) {
      if (leftOut && leftOut[at] !== 0) return undefined;
      const [valueA, valueB] = [a.data[at] ?? 0, b.data[at] ?? 0];
      sumA += valueA;
      sumB += valueB;
      squaresA += valueA * valueA;
      squaresB += valueB * valueB;
      products += valueA * valueB;
    }
  }
  const [meanA, meanB] = [sumA / PIXELS, sumB / PIXELS];
  const spread = (sum: number, product: number): number => (sum - PIXELS * product) / (PIXELS - 1);
  return {
    meanA,
    meanB,
    varianceA: Math.max(0, spread(squaresA, meanA * meanA)),
    varianceB: Math.max(0, spread(squaresB, meanB * meanB)),
    covariance: spread(products, meanA * meanB),
  };
}
