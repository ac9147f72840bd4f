import type { BoxXywh, Size } from './box.ts';
import type { GreyPicture } from './picture.ts';

const MIN_AREA_SHARE = 0.0005;
const MIN_BLOCK_PIXELS = 5;
/** Moving things measured at most 0.88, a street in changing sunlight at least 0.96. */
const SAME_TEXTURE = 0.92;
const UNSEEN = 1;
const KEPT = 2;

/** One connected moving area, in pixels of the motion picture. `meanDifference` in grey levels over its pixels. */
export type MotionRegion = { box: BoxXywh; areaPx: number; meanDifference: number };

/** `cleaned`: 0 or 1 per pixel, after `findRegions` not 0 in kept regions only; `queue`: work space of one entry per pixel. */
export type MovingPixels = { size: Size; cleaned: Uint8Array; background: Float32Array; queue: Int32Array };

/** Keeps the set pixels (1, others 0) that have at least 5 set in their 3×3 block; beyond the border nothing is set. */
export function cleanMask(set: Uint8Array, size: Size, cleaned: Uint8Array): void {
  cleaned.fill(0);
  for (let at = set.indexOf(1); at !== -1; at = set.indexOf(1, at + 1)) {
    if (countBlock(set, size, at) >= MIN_BLOCK_PIXELS) cleaned[at] = UNSEEN;
  }
}

function countBlock(set: Uint8Array, { width }: Size, at: number): number {
  const x = at % width;
  const left = x > 0 ? 1 : 0;
  const right = x < width - 1 ? 1 : 0;
  let count = 0;
  // Rows above and below the picture read as undefined, that is 0.
  for (let row = at - width; row <= at + width; row += width) {
    count += (set[row] ?? 0) + left * (set[row - 1] ?? 0) + right * (set[row + 1] ?? 0);
  }
  return count;
}

/** 8-connected areas of at least 0.05 % of the picture that do not merely look brighter or darker, largest first, equal ones from the top down. */
export function findRegions(pixels: MovingPixels, luma: GreyPicture['data']): MotionRegion[] {
  const { cleaned, size, queue } = pixels;
  const minAreaPx = MIN_AREA_SHARE * size.width * size.height;
  const regions: MotionRegion[] = [];
  for (let start = cleaned.indexOf(UNSEEN); start !== -1; start = cleaned.indexOf(UNSEEN, start + 1)) {
    const areaPx = fill(pixels, start);
    if (areaPx < minAreaPx || textureMatch(pixels, luma, areaPx) >= SAME_TEXTURE) continue;
    regions.push(measure(pixels, luma, areaPx));
    for (let i = 0; i < areaPx; i += 1) cleaned[queue[i] ?? 0] = KEPT;
  }
  return regions.sort((a, b) => b.areaPx - a.areaPx);
}

/** Moves the area around `start` from the mask into the front of the queue; gives its number of pixels. */
function fill({ cleaned, size, queue }: MovingPixels, start: number): number {
  const { width } = size;
  let found = 1;
  queue[0] = start;
  cleaned[start] = 0;
  for (let next = 0; next < found; next += 1) {
    const at = queue[next] ?? 0;
    const x = at % width;
    const from = x > 0 ? -1 : 0;
    const to = x < width - 1 ? 1 : 0;
    for (let row = at - width; row <= at + width; row += width) {
      for (let neighbour = row + from; neighbour <= row + to; neighbour += 1) {
        if (cleaned[neighbour] !== UNSEEN) continue;
        cleaned[neighbour] = 0;
        queue[found] = neighbour;
        found += 1;
      }
    }
  }
  return found;
}

function measure({ size, background, queue }: MovingPixels, luma: GreyPicture['data'], areaPx: number): MotionRegion {
  let left = size.width;
  let right = 0;
  let top = size.height;
  let bottom = 0;
  let sum = 0;
  for (let i = 0; i < areaPx; i += 1) {
    const at = queue[i] ?? 0;
    const x = at % size.width;
    const y = (at - x) / size.width;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    sum += Math.abs((luma[at] ?? 0) - (background[at] ?? 0));
  }
  const box = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  return { box, areaPx, meanDifference: sum / areaPx };
}

/** Correlation of the area with the background behind it: near 1 where only the light changed; 0 where either is even. */
function textureMatch({ background, queue }: MovingPixels, luma: GreyPicture['data'], areaPx: number): number {
  let sumB = 0;
  let sumG = 0;
  let sumBB = 0;
  let sumGG = 0;
  let sumBG = 0;
  for (let i = 0; i < areaPx; i += 1) {
    const b = background[queue[i] ?? 0] ?? 0;
    const g = luma[queue[i] ?? 0] ?? 0;
    sumB += b;
    sumG += g;
    sumBB += b * b;
    sumGG += g * g;
    sumBG += b * g;
  }
  const spread = (sumBB - (sumB * sumB) / areaPx) * (sumGG - (sumG * sumG) / areaPx);
  // Less than one grey level of spread on both sides is noise, not texture.
  return spread > areaPx * areaPx ? (sumBG - (sumB * sumG) / areaPx) / Math.sqrt(spread) : 0;
}
