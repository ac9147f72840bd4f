import type { Size } from '../box.ts';
import type { ScenePicture } from './scene-luma.ts';

export type PicturePair = { a: ScenePicture; b: ScenePicture; /** Not 0: a pixel that does not count. */ leftOut: Uint8Array | undefined };

/**
 * Sums over the last seven rows, by column: whole numbers. `sums` holds five numbers a column, as `SUM` says, side by side and as
 * doubles: in five arrays of integers they take half as long again. `leftOut` counts the pixels that are left out.
 */
export type ColumnSums = { sums: Float64Array; leftOut: Int32Array };

/**
 * Where a column's sums lie: of both pictures, of their squares, of their products; `count` numbers a column. Read into variables before
 * a loop: V8 looks up what is imported, and what it holds, each time it is used.
 */
export const SUM = { a: 0, b: 1, squaresA: 2, squaresB: 3, products: 4, count: 5 } as const;

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

/** Share of all windows inside a picture that have no pixel left out; 0 where no window fits. */
export function usedWindowShare({ width, height }: Size, leftOut: Uint8Array | undefined): number {
  if (width < WINDOW || height < WINDOW) return 0;
  if (leftOut === undefined) return 1;
  const column = new Int32Array(width);
  const nothing = new Uint8Array(width);
  let used = 0;
  for (let y = 0; y < height; y += 1) {
    const old = y < WINDOW ? nothing : leftOut.subarray((y - WINDOW) * width, (y - WINDOW + 1) * width);
    replaceLeftOut(column, { row: leftOut.subarray(y * width, (y + 1) * width), old });
    if (y >= WINDOW_END) used += countWhole(column);
  }
  return used / ((width - WINDOW_END) * (height - WINDOW_END));
}

/** Windows of a row without anything left out. */
function countWhole(column: Int32Array): number {
  let whole = 0;
  let out = 0;
  for (let x = 0; x < column.length; x += 1) {
    out += column[x] ?? 0;
    if (x < WINDOW_END) continue;
    if (out === 0) whole += 1;
    out -= column[x - WINDOW_END] ?? 0;
  }
  return whole;
}

function createColumns(width: number): ColumnSums {
  return { sums: new Float64Array(SUM.count * width), leftOut: new Int32Array(width) };
}

/** Adds a row and takes out the one seven rows above it, all sums at once, which takes less time than one sum after the other. */
function replaceRow({ sums }: ColumnSums, rows: Record<'rowA' | 'oldA' | 'rowB' | 'oldB', Uint8Array>): void {
  const { rowA, oldA, rowB, oldB } = rows;
  const { a, b, squaresA, squaresB, products, count } = SUM;
  for (let x = 0, from = 0; x < rowA.length; x += 1, from += count) {
    const newA = rowA[x] ?? 0;
    const newB = rowB[x] ?? 0;
    const goneA = oldA[x] ?? 0;
    const goneB = oldB[x] ?? 0;
    sums[from + a] = at(sums, from + a) + (newA - goneA);
    sums[from + b] = at(sums, from + b) + (newB - goneB);
    sums[from + squaresA] = at(sums, from + squaresA) + (newA * newA - goneA * goneA);
    sums[from + squaresB] = at(sums, from + squaresB) + (newB * newB - goneB * goneB);
    sums[from + products] = at(sums, from + products) + (newA * newB - goneA * goneB);
  }
}

function replaceLeftOut(column: Int32Array, { row, old }: Record<'row' | 'old', Uint8Array>): void {
  for (let x = 0; x < column.length; x += 1) column[x] = (column[x] ?? 0) + (row[x] === 0 ? 0 : 1) - (old[x] === 0 ? 0 : 1);
}

/** For sums alone: a function that reads two kinds of array reads both slowly. */
function at(sums: Float64Array, place: number): number {
  return sums[place] ?? 0;
}
