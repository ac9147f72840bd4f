import type { Size } from './box.ts';
import type { GreyPicture, RgbPicture } from './picture.ts';

const MOTION_WIDTH = 320;
/** BT.601, in thousandths: so a pixel is added up in whole numbers and made a fraction once. */
const RED = 299;
const GREEN = 587;
const BLUE = 114;
const WHOLE = 1000;

/** How one row of pixels is averaged into fewer: output `i` covers inputs `first[i] … last[i]`, the outer two in part. */
type AxisPlan = { first: Int32Array; last: Int32Array; firstWeight: Float32Array; lastWeight: Float32Array; share: number };

/** Weights and work space for one picture size; make it once per file. `sums` holds one row of the picture, so far summed up. */
export type LumaPlan = { from: Size; to: Size; columns: AxisPlan; rows: AxisPlan; sums: Float64Array; finished: Float64Array };

/** Size of the motion picture: at most 320 wide, shape kept, height even; never larger than the picture. */
export function motionSize(picture: Size): Size {
  const width = Math.min(MOTION_WIDTH, picture.width);
  const height = Math.min(picture.height, Math.round((width * picture.height) / picture.width));
  return { width, height: Math.max(1, height - (height > 1 ? height % 2 : 0)) };
}

export function planMotionLuma(from: Size): LumaPlan {
  return planLuma(from, motionSize(from));
}

/** For luma of another size than that of motion pictures; no side of `to` is larger than that of `from`. */
export function planLuma(from: Size, to: Size): LumaPlan {
  return {
    from: { width: from.width, height: from.height },
    to,
    columns: planAxis(from.width, to.width),
    rows: planAxis(from.height, to.height),
    sums: new Float64Array(from.width),
    finished: new Float64Array(from.width),
  };
}

/** Luma 0 … 255 as floats, area-averaged to `motionSize`. A plan of another picture size is not used. 0.6 CPU-ms at 416 × 312. */
export function toMotionLuma(picture: RgbPicture, plan: LumaPlan = planMotionLuma(picture)): GreyPicture {
  const fits = plan.from.width === picture.width && plan.from.height === picture.height;
  const { to, columns, rows, sums, finished } = fits ? plan : planMotionLuma(picture);
  const data = new Float32Array(to.width * to.height);
  sums.fill(0);
  for (let y = 0, outY = 0; y < picture.height && outY < to.height; y += 1) {
    const weight = weightOf(rows, outY, y);
    if (y < (rows.last[outY] ?? 0)) {
      addRow(picture, y, { weight, sums });
      continue;
    }
    // A row of the picture on the border of two output rows counts for both.
    const nextWeight = rows.first[outY + 1] === y ? weightOf(rows, outY + 1, y) : 0;
    finishRow(picture, y, { weight, nextWeight, sums, finished });
    averageColumns(finished, columns, { out: data, start: outY * to.width });
    outY += 1;
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

function addRow({ data, width }: RgbPicture, y: number, { weight, sums }: { weight: number; sums: Float64Array }): void {
  const share = weight / WHOLE;
  for (let x = 0, at = y * width * 3; x < width; x += 1, at += 3) {
    sums[x] = (sums[x] ?? 0) + share * (RED * (data[at] ?? 0) + GREEN * (data[at + 1] ?? 0) + BLUE * (data[at + 2] ?? 0));
  }
}

type RowEnd = { weight: number; nextWeight: number; sums: Float64Array; finished: Float64Array };

/** Completes an output row with its last row of the picture, and begins the next one with what is left of that. */
function finishRow({ data, width }: RgbPicture, y: number, { weight, nextWeight, sums, finished }: RowEnd): void {
  const share = weight / WHOLE;
  const nextShare = nextWeight / WHOLE;
  for (let x = 0, at = y * width * 3; x < width; x += 1, at += 3) {
    const luma = RED * (data[at] ?? 0) + GREEN * (data[at + 1] ?? 0) + BLUE * (data[at + 2] ?? 0);
    finished[x] = (sums[x] ?? 0) + share * luma;
    sums[x] = nextShare * luma;
  }
}

function averageColumns(row: Float64Array, plan: AxisPlan, { out, start }: { out: Float32Array; start: number }): void {
  const { first, last, firstWeight, lastWeight, share } = plan;
  for (let i = 0; i < first.length; i += 1) {
    const from = first[i] ?? 0;
    const to = last[i] ?? 0;
    let sum = (row[from] ?? 0) * (firstWeight[i] ?? 0) + (row[to] ?? 0) * (lastWeight[i] ?? 0);
    for (let x = from + 1; x < to; x += 1) sum += row[x] ?? 0;
    out[start + i] = sum * share;
  }
}

function weightOf(rows: AxisPlan, outY: number, y: number): number {
  if (y === rows.first[outY]) return (rows.firstWeight[outY] ?? 0) * rows.share;
  return y === rows.last[outY] ? (rows.lastWeight[outY] ?? 0) * rows.share : rows.share;
}
