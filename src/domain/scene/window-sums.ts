import type { ScenePicture } from './scene-luma.ts';

export type PicturePair = { a: ScenePicture; b: ScenePicture; /** Not 0: a pixel that does not count. */ leftOut: Uint8Array | undefined };

/**
 * Sums over the last seven rows, by column: of both pictures, of their squares, of their products, and how many pixels are left out.
 * Whole numbers.
 */
export type ColumnSums = Record<'a' | 'b' | 'squaresA' | 'squaresB' | 'products' | 'leftOut', Int32Array>;

export const WINDOW = 7;
export const WINDOW_PIXELS = WINDOW * WINDOW;
/** The column with which the first window of a row is whole. */
export const WINDOW_END = WINDOW - 1;

/**
 * Visits the rows of windows of 7 × 7 pixels inside two pictures of one size, from the top, every `step`-th, by the sums of their columns;
 * who visits slides over them, each window gaining its newest column and losing the one that left it. So the time depends on the pixels,
 * not on the window. `columns` is used again for the next row.
 */
export function eachWindowRow({ a, b, leftOut }: PicturePair, step: number, visit: (columns: ColumnSums) => void): void {
  const { width, height } = a;
  if (width < WINDOW) return;
  const columns = createColumns(width);
  const nothing = new Uint8Array(width);
  for (let y = 0; y < height; y += 1) {
    const rowOf = (data: Uint8Array) => data.subarray(y * width, (y + 1) * width);
    const oldOf = (data: Uint8Array) => (y < WINDOW ? nothing : data.subarray((y - WINDOW) * width, (y - WINDOW + 1) * width));
    replaceRow(columns, { rowA: rowOf(a.data), oldA: oldOf(a.data), rowB: rowOf(b.data), oldB: oldOf(b.data) });
    if (leftOut) replaceLeftOut(columns.leftOut, { row: rowOf(leftOut), old: oldOf(leftOut) });
    if (y >= WINDOW_END && (y - WINDOW_END) % step === 0) visit(columns);
  }
}

function createColumns(width: number): ColumnSums {
  const make = () => new Int32Array(width);
  return { a: make(), b: make(), squaresA: make(), squaresB: make(), products: make(), leftOut: make() };
}

/** Adds a row and takes out the one seven rows above it, all sums at once, which takes less time than one sum after the other. */
function replaceRow({ a, b, squaresA, squaresB, products }: ColumnSums, rows: Record<'rowA' | 'oldA' | 'rowB' | 'oldB', Uint8Array>): void {
  const { rowA, oldA, rowB, oldB } = rows;
  for (let x = 0; x < a.length; x += 1) {
    const newA = at(rowA, x);
    const newB = at(rowB, x);
    const goneA = at(oldA, x);
    const goneB = at(oldB, x);
    a[x] = at(a, x) + newA - goneA;
    b[x] = at(b, x) + newB - goneB;
    squaresA[x] = at(squaresA, x) + newA * newA - goneA * goneA;
    squaresB[x] = at(squaresB, x) + newB * newB - goneB * goneB;
    products[x] = at(products, x) + newA * newB - goneA * goneB;
  }
}

function replaceLeftOut(column: Int32Array, { row, old }: Record<'row' | 'old', Uint8Array>): void {
  for (let x = 0; x < column.length; x += 1) column[x] = at(column, x) + (row[x] === 0 ? 0 : 1) - (old[x] === 0 ? 0 : 1);
}

function at(values: Int32Array | Uint8Array, place: number): number {
  return values[place] ?? 0;
}
