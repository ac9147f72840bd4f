import type { GreyPicture } from '../../../domain/picture.ts';

/** Copies a luma into memory of the store's own, but never into that of `held`. */
export type LumaStore = (luma: GreyPicture, held: readonly GreyPicture[]) => GreyPicture;

/**
 * Memory for lumas that outlive their sample, used again as soon as nobody holds it. Kept as they came they grew old one by one, and V8,
 * which counts their memory but does not hold it, marked all of the heap every twentieth sample: 2.5 % of the CPU time of a video.
 */
export function createLumaStore(): LumaStore {
  let buffers: Float32Array[] = [];
  return (luma, held) => {
    const inUse = new Set(held.map(({ data }) => data));
    let buffer = buffers.find((one) => one.length === luma.data.length && !inUse.has(one));
    if (buffer === undefined) {
      buffer = new Float32Array(luma.data.length);
      // A camera with pictures of another size does not go on from here.
      buffers = [...buffers.filter(({ length }) => length === luma.data.length), buffer];
    }
    buffer.set(luma.data);
    return { ...luma, data: buffer };
  };
}
