import { measurePicture, ratePicture } from '../../../domain/enrichment/picture-quality.ts';
import type { FrameEnrichment } from '../frame-enrichment.ts';

/**
 * Sharpness, exposure and noise of the whole frame, noted with each of its detections. Boxes are not measured one by one: at this scale
 * most have too few pixels to tell a blurred person from a plain coat.
 */
export const imageQuality = {
  name: 'image_quality',
  trigger: 'frame with detections',
  model: null,
  table: null,
  enrich({ luma, found }) {
    const measures = measurePicture(luma());
    if (measures === undefined) return [];
    const { score, ...parts } = ratePicture(measures);
    const result = { data: { quality_score: score, ...parts } };
    return found.map(() => result);
  },
} as const satisfies FrameEnrichment;
