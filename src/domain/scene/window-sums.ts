import type { ScenePicture } from './scene-luma.ts';

export type PicturePair = { a: ScenePicture; b: ScenePicture; /** Not 0: a pixel that does not count. */ leftOut: Uint8Array | undefined };

/**
 * Sums over the pixels of windows: of both pictures, of their squares, of their products, and how many are left out; one place a window.
 * Whole numbers, 7 × 7 × 255² at most.
 */
export type WindowSums = Record<'sumA' | 'sumB' | 'squaresA' | 'squaresB' | 'products' | 'leftOut', Int32Array>;

export const WINDOW = 7;
export const WINDOW_PIXELS = WINDOW * WINDOW;

/**
 * Visits the rows of windows of 7 × 7 pixels inside two pictures of one size, from the top, every `step`-th; a row has all its windows,
 * from the left. Running sums instead of windows: the time depends on the pixels, not on the window. `sums` is used again for the next row.
 */
export function eachWindowRow(pair: PicturePair, step: number, visit: (sums: WindowSums) => void): void {
  const { width, height } = pair.a;
  if (width < WINDOW) return;
  const columns = createSums(width);
  const sums = createSums(width - WINDOW + 1);
  for (let y = 0; y < height; y += 1) {
    if (y < WINDOW) addRow(columns, pair, y);
    else replaceRow(columns, pair, y);
    if (pair.leftOut) countLeftOut(columns.leftOut, { leftOut: pair.leftOut, y });
    if (y < WINDOW - 1 || (y - WINDOW + 1) % step !== 0) continue;
    for (const key of pair.leftOut ? KEYS : KEYS_OF_PIXELS) slide(columns[key], sums[key]);
    visit(sums);
  }
}

const KEYS_OF_PIXELS = ['sumA', 'sumB', 'squaresA', 'squaresB', 'products'] as const;
const KEYS = [...KEYS_OF_PIXELS, 'leftOut'] as const;

function createSums(length: number): WindowSums {
  const make = () => new Int32Array(length);
  return { sumA: make(), sumB: make(), squaresA: make(), squaresB: make(), products: make(), leftOut: make() };
}

/** Sums over the last seven rows, by column. */
type Columns = WindowSums;

function addRow({ sumA, sumB, squaresA, squaresB, products }: Columns, { a, b }: PicturePair, y: number): void {
  const [dataA, dataB] = [a.data, b.data];
  for (let x = 0, at = y * a.width; x < a.width; x += 1, at += 1) {
    const valueA = dataA[at] ?? 0;
    const valueB = dataB[at] ?? 0;
    sumA[x] = (sumA[x] ?? 0) + valueA;
    sumB[x] = (sumB[x] ?? 0) + valueB;
    squaresA[x] = (squaresA[x] ?? 0) + valueA * valueA;
    squaresB[x] = (squaresB[x] ?? 0) + valueB * valueB;
    products[x] = (products[x] ?? 0) + valueA * valueB;
  }
}

/** Adds a row and takes out the one seven rows above it, at once: this is where the time goes. */
function replaceRow(columns: Columns, { a, b }: PicturePair, y: number): void {
  const [at, above] = [y * a.width, (y - WINDOW) * a.width];
  const rowsOf = (data: Uint8Array): Rows => ({ row: data.subarray(at, at + a.width), old: data.subarray(above, above + a.width) });
  const [rowsA, rowsB] = [rowsOf(a.data), rowsOf(b.data)];
  replaceSquares(columns.sumA, columns.squaresA, rowsA);
  replaceSquares(columns.sumB, columns.squaresB, rowsB);
  replaceProducts(columns.products, rowsA, rowsB);
}

type Rows = { row: Uint8Array; old: Uint8Array };

function replaceSquares(sums: Int32Array, squares: Int32Array, { row, old }: Rows): void {
  for (let x = 0; x < row.length; x += 1) {
    const value = row[x] ?? 0;
    const gone = old[x] ?? 0;
    sums[x] = (sums[x] ?? 0) + value - gone;
    squares[x] = (squares[x] ?? 0) + value * value - gone * gone;
  }
}

function replaceProducts(products: Int32Array, a: Rows, b: Rows): void {
  for (let x = 0; x < products.length; x += 1) {
    products[x] = (products[x] ?? 0) + (a.row[x] ?? 0) * (b.row[x] ?? 0) - (a.old[x] ?? 0) * (b.old[x] ?? 0);
  }
}

function countLeftOut(column: Int32Array, { leftOut, y }: { leftOut: Uint8Array; y: number }): void {
  const width = column.length;
  for (let x = 0, at = y * width, above = at - WINDOW * width; x < width; x += 1, at += 1, above += 1) {
    if (leftOut[at] !== 0) column[x] = (column[x] ?? 0) + 1;
    if (above >= 0 && leftOut[above] !== 0) column[x] = (column[x] ?? 0) - 1;
  }
}

/** From sums of columns to those of windows: each gains its newest column and loses the one that left it. */
function slide(columns: Int32Array, windows: Int32Array): void {
  let sum = 0;
  for (let x = 0; x < WINDOW - 1; x += 1) sum += columns[x] ?? 0;
  for (let first = 0, x = WINDOW - 1; x < columns.length; first += 1, x += 1) {
    sum += columns[x] ?? 0;
    windows[first] = sum;
    sum -= columns[first] ?? 0;
  }
}
