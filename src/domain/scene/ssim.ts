import type { ScenePicture } from './scene-luma.ts';
import { eachWindowRow, SUM, WINDOW_END, WINDOW_PIXELS as PIXELS, type ColumnSums } from './window-sums.ts';

/** Sample covariance: 49/48 of the mean of products. */
const SAMPLES = PIXELS - 1;
/** The constants of SSIM as they are where sums stand for means and variances: everything times 49², or 48 · 49. */
const C1 = (0.01 * 255) ** 2 * PIXELS * PIXELS;
const C2 = (0.03 * 255) ** 2 * SAMPLES * PIXELS;

/**
 * Mean SSIM (Wang et al. 2004) of two pictures, −1 … 1, with a uniform 7 × 7 window over all windows inside the picture; a window with a
 * pixel of `leftOut` (not 0) does not count. Undefined when no window is left.
 */
export function ssim(a: ScenePicture, b: ScenePicture, leftOut?: Uint8Array): number | undefined {
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(`pictures of ${a.width}×${a.height} and ${b.width}×${b.height} cannot be compared`);
  }
  const total = { sum: 0, used: 0 };
  eachWindowRow({ a, b, leftOut }, 1, (columns) => {
    addRow(total, columns);
  });
  return total.used > 0 ? total.sum / total.used : undefined;
}

function addRow(total: { sum: number; used: number }, { sums, leftOut }: ColumnSums): void {
  const { a, b, squaresA, squaresB, products, count } = SUM;
  let sum = 0;
  let used = 0;
  let sumA = 0;
  let sumB = 0;
  let squares = 0;
  let product = 0;
  let out = 0;
  for (let x = 0, from = 0; x < leftOut.length; x += 1, from += count) {
    sumA += at(sums, from + a);
    sumB += at(sums, from + b);
    squares += at(sums, from + squaresA) + at(sums, from + squaresB);
    product += at(sums, from + products);
    out += leftOut[x] ?? 0;
    if (x < WINDOW_END) continue;
    if (out === 0) {
      const means = sumA * sumB;
      const meansSquared = sumA * sumA + sumB * sumB;
      sum += ((2 * means + C1) * (2 * (PIXELS * product - means) + C2)) / ((meansSquared + C1) * (PIXELS * squares - meansSquared + C2));
      used += 1;
    }
    const gone = from - count * WINDOW_END;
    sumA -= at(sums, gone + a);
    sumB -= at(sums, gone + b);
    squares -= at(sums, gone + squaresA) + at(sums, gone + squaresB);
    product -= at(sums, gone + products);
    out -= leftOut[x - WINDOW_END] ?? 0;
  }
  total.sum += sum;
  total.used += used;
}

/** Here and not shared: V8 does not take in what is imported where it is called, which costs a third of the time. */
function at(sums: Float64Array, place: number): number {
  return sums[place] ?? 0;
}
