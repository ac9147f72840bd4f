import type { ScenePicture } from './scene-luma.ts';
import { eachWindowRow, SUM, WINDOW_END, WINDOW_PIXELS as PIXELS, type ColumnSums } from './window-sums.ts';

/** `correlation`: how far the same things are seen, −1…1; `similarity`: SSIM without its terms of brightness and contrast, 0…1. */
export type SceneStructure = { correlation: number; similarity: number };

/** Every other window each way: they overlap. */
const STEP = 2;
/** Where sums stand for variances: 49 · 48 times as much. */
const SCALE = PIXELS * (PIXELS - 1);
/** C2 ÷ 2 of SSIM, so that evenness is like evenness, whatever its noise. */
const C3 = ((0.03 * 255) ** 2 / 2) * SCALE;
/** Of 10 grey levels; below it noise has its say in a correlation. */
const TEXTURE_VARIANCE = 100 * SCALE;
const BURNT_SUM = 245 * PIXELS;
const MIN_TEXTURED_SHARE = 0.02;
const MIN_USABLE_SHARE = 0.5;

/**
 * What two pictures of one size have in common whatever the light: the mean correlation of windows of 7 × 7 in which either has texture.
 * Burnt-out windows have nothing left to compare. Undefined when too little is left.
 */
export function commonStructure(a: ScenePicture, b: ScenePicture, leftOut?: Uint8Array): SceneStructure | undefined {
  const total = { windows: 0, similarity: 0, textured: 0, usable: 0, correlation: 0 };
  eachWindowRow({ a, b, leftOut }, STEP, (columns) => {
    addRow(total, columns);
  });
  const { windows, textured, usable } = total;
  if (usable === 0 || textured < MIN_TEXTURED_SHARE * windows || usable < MIN_USABLE_SHARE * textured) return undefined;
  return { correlation: total.correlation / usable, similarity: Math.min(1, Math.max(0, total.similarity / windows)) };
}

type Total = Record<'windows' | 'similarity' | 'textured' | 'usable' | 'correlation', number>;
type Window = { sumA: number; sumB: number; squaresA: number; squaresB: number; product: number };

function addRow(total: Total, { sums, leftOut }: ColumnSums): void {
  const { a, b, squaresA, squaresB, products, count } = SUM;
  const window: Window = { sumA: 0, sumB: 0, squaresA: 0, squaresB: 0, product: 0 };
  let out = 0;
  for (let x = 0, from = 0; x < leftOut.length; x += 1, from += count) {
    window.sumA += at(sums, from + a);
    window.sumB += at(sums, from + b);
    window.squaresA += at(sums, from + squaresA);
    window.squaresB += at(sums, from + squaresB);
    window.product += at(sums, from + products);
    out += leftOut[x] ?? 0;
    if (x < WINDOW_END) continue;
    if ((x - WINDOW_END) % STEP === 0 && out === 0) addWindow(total, window);
    const gone = from - count * WINDOW_END;
    window.sumA -= at(sums, gone + a);
    window.sumB -= at(sums, gone + b);
    window.squaresA -= at(sums, gone + squaresA);
    window.squaresB -= at(sums, gone + squaresB);
    window.product -= at(sums, gone + products);
    out -= leftOut[x - WINDOW_END] ?? 0;
  }
}

function addWindow(total: Total, { sumA, sumB, squaresA, squaresB, product }: Window): void {
  const varianceA = PIXELS * squaresA - sumA * sumA;
  const varianceB = PIXELS * squaresB - sumB * sumB;
  const covariance = PIXELS * product - sumA * sumB;
  const deviations = Math.sqrt(varianceA * varianceB);
  total.windows += 1;
  total.similarity += (covariance + C3) / (deviations + C3);
  if (Math.max(varianceA, varianceB) < TEXTURE_VARIANCE) return;
  total.textured += 1;
  if (Math.max(sumA, sumB) >= BURNT_SUM) return;
  total.usable += 1;
  if (deviations > 0) total.correlation += covariance / deviations;
}

/** Here and not shared: V8 does not take in what is imported where it is called, which costs a third of the time. */
function at(sums: Float64Array, place: number): number {
  return sums[place] ?? 0;
}
