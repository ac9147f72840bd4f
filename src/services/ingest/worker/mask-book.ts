import type { Size } from '../../../domain/box.ts';
import type { Zone } from '../../../domain/zones/zone.ts';
import { motionMask } from '../../../domain/zones/zone-hits.ts';

/** Masks of motion pictures. The last one is kept, as files that follow each other are of one camera: a mask costs 0.2 s, of hundreds of corners 2 s. */
export function createMaskBook(): (zones: readonly Zone[], size: Size) => Uint8Array | undefined {
  let key = '';
  let mask: Uint8Array | undefined;
  return (zones, { width, height }) => {
    if (zones.length === 0) return undefined;
    const wanted = JSON.stringify([width, height, zones]);
    if (wanted !== key) mask = motionMask(zones, { width, height });
    key = wanted;
    return mask;
  };
}
