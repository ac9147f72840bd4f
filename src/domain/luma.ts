import type { Size } from './box.ts';
import type { GreyPicture, RgbPicture } from './picture.ts';

const MOTION_WIDTH = 320;
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/** How one row of pixels is averaged into fewer: output `i` covers inputs `first[i] … last[i]`, the outer two in part. */
type AxisPlan = { first: Int32Array; last: Int32Array; firstWeight: Float32Array; lastWeight: Float32Array; share: number };

/** Weights and work space for one picture size; make it once per file. */
export type LumaPlan = { from: Size; to: Size; columns: AxisPlan; rows: AxisPlan; row: Float32Array; narrowRow: Float32Array };

/** Size of the motion picture: at most 320 wide, shape kept, height even; never larger than the picture. */
export function motionSize(picture: Size): Size {
  const width = Math.min(MOTION_WIDTH, picture.width);
  const height = Math.min(picture.height, Math.round((width * picture.height) / picture.width));
  return { width, height: Math.max(1, height - (height > 1 ? height % 2 : 0)) };
}

export function planMotionLuma(from: Size): LumaPlan {
  const to = motionSize(from);
  return {
    from: { width: from.width, height: from.height },
    to,
    columns: planAxis(from.width, to.width),
    rows: planAxis(from.height, to.height),
    row: new Float32Array(from.width),
    narrowRow: new Float32Array(to.width),
  };
}

/** Luma 0 … 255 as floats, area-averaged to `motionSize`. A plan of another picture size is not used. */
export function toMotionLuma(picture: RgbPicture, plan: LumaPlan = planMotionLuma(picture)): GreyPicture {
  const fits = plan.from.width === picture.width && plan.from.height === picture.height;
  const { to, columns, rows, row, narrowRow } = fits ? plan : planMotionLuma(picture);
  const data = new Float32Array(to.width * to.height);
  for (let y = 0, outY = 0; y < picture.height && outY < to.height; y += 1) {
    readLumaRow(picture, y, row);
    averageColumns(row, columns, narrowRow);
    addRow(narrowRow, weightOf(rows, outY, y), data.subarray(outY * to.width, (outY + 1) * to.width));
    if (y < (rows.last[outY] ?? 0)) continue;
    outY += 1;
    // A row of the picture on the border of two output rows counts for both.
    if (outY < to.height && rows.first[outY] === y) {
      addRow(narrowRow, weightOf(rows, outY, y), data.subarray(outY * to.width, (outY + 1) * to.width));
    }
  }
  return { width: to.width, height: to.height, data };
}

function planAxis(from: number, to: number): AxisPlan {
  const plan = {
    first: new Int32Array(to),
    last: new Int32Array(to),
    firstWeight: new Float32Array(to),
    lastWeight: new Float32Array(to),
    share: to / from,
  };
  for (let i = 0; i < to; i += 1) {
    const start = (i * from) / to;
    const end = ((i + 1) * from) / to;
    const first = Math.floor(start);
    const last = Math.min(from, Math.ceil(end)) - 1;
    plan.first[i] = first;
    plan.last[i] = last;
    plan.firstWeight[i] = Math.min(first + 1, end) - start;
    plan.lastWeight[i] = last > first ? end - last : 0;
  }
  return plan;
}

function readLumaRow(picture: RgbPicture, y: number, row: Float32Array): void {
  const { data, width } = picture;
  for (let x = 0, at = y * width * 3; x < width; x += 1, at += 3) {
    row[x] = RED * (data[at] ?? 0) + GREEN * (data[at + 1] ?? 0) + BLUE * (data[at + 2] ?? 0);
  }
}

function averageColumns(row: Float32Array, plan: AxisPlan, out: Float32Array): void {
  const { first, last, firstWeight, lastWeight, share } = plan;
  for (let i = 0; i < out.length; i += 1) {
    const from = first[i] ?? 0;
    const to = last[i] ?? 0;
    let sum = (row[from] ?? 0) * (firstWeight[i] ?? 0) + (row[to] ?? 0) * (lastWeight[i] ?? 0);
    for (let x = from + 1; x < to; x += 1) sum += row[x] ?? 0;
    out[i] = sum * share;
  }
}

function weightOf(rows: AxisPlan, outY: number, y: number): number {
  if (y === rows.first[outY]) return (rows.firstWeight[outY] ?? 0) * rows.share;
  return y === rows.last[outY] ? (rows.lastWeight[outY] ?? 0) * rows.share : rows.share;
}

function addRow(row: Float32Array, weight: number, out: Float32Array): void {
  for (let x = 0; x < out.length; x += 1) out[x] = (out[x] ?? 0) + weight * (row[x] ?? 0);
}
