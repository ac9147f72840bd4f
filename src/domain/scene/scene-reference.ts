import type { ScenePicture } from './scene-luma.ts';

const ADAPTION = 0.02;
/** Side of a block, a power of two. */
const BLOCK_BITS = 3;

/**
 * The reference moved by 2 % towards a picture: R + 0.02·(G − R). In 8 bits that would round to no move at all below 25 grey levels; so
 * each block of 8 × 8 pixels is rounded at a threshold of its own, another one for each number of `adaptions` so far, and moves by the
 * right amount on average. Pixels that were rounded each for itself would look sharp: a twentieth of that is left at the blocks' edges.
 */
export function adaptReference(reference: ScenePicture, picture: ScenePicture, adaptions: number): ScenePicture {
  const { width, height } = reference;
  if (picture.width !== width || picture.height !== height) throw new RangeError('the picture is not as large as its reference');
  const data = new Uint8Array(reference.data.length);
  const thresholds = new Float64Array(blocksIn(width));
  for (let y = 0, at = 0; y < height; y += 1) {
    if (y % (1 << BLOCK_BITS) === 0) fillThresholds(thresholds, (y >> BLOCK_BITS) * thresholds.length, adaptions);
    for (let x = 0; x < width; x += 1, at += 1) {
      const old = reference.data[at] ?? 0;
      data[at] = Math.floor(old + ADAPTION * ((picture.data[at] ?? 0) - old) + (thresholds[x >> BLOCK_BITS] ?? 0));
    }
  }
  return { width, height, data };
}

function blocksIn(width: number): number {
  return (width >> BLOCK_BITS) + 1;
}

function fillThresholds(thresholds: Float64Array, firstBlock: number, adaptions: number): void {
  for (let x = 0; x < thresholds.length; x += 1) thresholds[x] = threshold(firstBlock + x, adaptions);
}

/** A number in [0, 1) as good as drawn, but the same for the same block and count. */
function threshold(at: number, adaptions: number): number {
  let mixed = Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(adaptions + 1, 0x85ebca77);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x297a2d39);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
