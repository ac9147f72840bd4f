import type { GreyPicture } from '../picture.ts';

export type PicturePair = { a: GreyPicture; b: GreyPicture; /** Not 0: a pixel that does not count. */ leftOut: Uint8Array | undefined };

/** Sums over the pixels of windows: of both pictures, of their squares, of their products, and how many are left out; one place a window. */
export type WindowSums = Record<'sumA' | 'sumB' | 'squaresA' | 'squaresB' | 'products' | 'leftOut', Float64Array>;

export const WINDOW = 7;
export const WINDOW_PIXELS = WINDOW * WINDOW;

/**
 * Visits the rows of windows of 7 × 7 pixels inside two pictures of one size, from the top, every `step`-th; a row has all its windows,
 * from the left. Running sums instead of windows: the time depends on the pixels, not on the window. `sums` is used again for the next row.
 */
export function eachWindowRow(pair: PicturePair, step: number, visit: (sums: WindowSums) => void): void {
  const { width, height } = pair.a;
  if (width < WINDOW) return;
  const columns = createSums(WINDOW + width);
  const sums = createSums(width - WINDOW + 1);
  for (let y = 0; y < height; y += 1) {
    addRow(columns, pair, { y, sign: 1 });
    if (y >= WINDOW) addRow(columns, pair, { y: y - WINDOW, sign: -1 });
    if (y < WINDOW - 1 || (y - WINDOW + 1) % step !== 0) continue;
    for (const key of pair.leftOut ? KEYS : KEYS_OF_PIXELS) slide(columns[key], sums[key]);
    visit(sums);
  }
}

const KEYS_OF_PIXELS = ['sumA', 'sumB', 'squaresA', 'squaresB', 'products'] as const;
const KEYS = [...KEYS_OF_PIXELS, 'leftOut'] as const;

function createSums(length: number): WindowSums {
  const make = () => new Float64Array(length);
  return { sumA: make(), sumB: make(), squaresA: make(), squaresB: make(), products: make(), leftOut: make() };
}

/**
 * Sums over the last seven rows, by column. As many columns of 0 as a window is wide come first, so that every window has a column
 * before it.
 */
type Columns = WindowSums;

/** Adds a row to the sums, or takes it out of them. */
function addRow(columns: Columns, { a, b, leftOut }: PicturePair, { y, sign }: { y: number; sign: 1 | -1 }): void {
  const { sumA, sumB, squaresA, squaresB, products } = columns;
  const dataA = a.data;
  const dataB = b.data;
  for (let x = WINDOW, at = y * a.width; x < a.width + WINDOW; x += 1, at += 1) {
    const valueA = dataA[at] ?? 0;
    const valueB = dataB[at] ?? 0;
    const signedA = sign * valueA;
    sumA[x] = (sumA[x] ?? 0) + signedA;
    sumB[x] = (sumB[x] ?? 0) + sign * valueB;
    squaresA[x] = (squaresA[x] ?? 0) + signedA * valueA;
    squaresB[x] = (squaresB[x] ?? 0) + sign * valueB * valueB;
    products[x] = (products[x] ?? 0) + signedA * valueB;
  }
  if (leftOut) addLeftOut(columns.leftOut, leftOut.subarray(y * a.width, (y + 1) * a.width), sign);
}

function addLeftOut(column: Float64Array, row: Uint8Array, sign: 1 | -1): void {
  for (let x = 0; x < row.length; x += 1) {
    if (row[x] !== 0) column[WINDOW + x] = (column[WINDOW + x] ?? 0) + sign;
  }
}

/** From sums of columns to those of windows: each gains its newest column and loses the one that left it. */
function slide(columns: Float64Array, windows: Float64Array): void {
  let sum = 0;
  for (let x = WINDOW; x < columns.length; x += 1) {
    sum += (columns[x] ?? 0) - (columns[x - WINDOW] ?? 0);
    if (x >= 2 * WINDOW - 1) windows[x - 2 * WINDOW + 1] = sum;
  }
}
