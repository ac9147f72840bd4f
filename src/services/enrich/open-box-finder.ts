import { toStoredBox, xywhToXyxy, type BoxXyxy, type Point } from '../../domain/box.ts';
import { measurePicture, ratePicture, type PictureQuality } from '../../domain/enrichment/picture-quality.ts';
import { toMotionLuma } from '../../domain/luma.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { createDetector } from '../../inference/detector.ts';
import type { Device } from '../../inference/devices.ts';
import type { InstalledDetector } from '../../inference/model-store.ts';
import { cropPicture } from '../../media/crop-picture.ts';
import type { CropReader } from './track-enrichment.ts';

/** Something found on a crop; `bbox` in pixels of the original picture. `quality`: of that part of it, null where it is too small to tell. */
export type FoundBox = {
  label: string;
  confidence: number;
  bbox: [x1: number, y1: number, x2: number, y2: number];
  quality: PictureQuality | null;
};

/** Finds boxes of at least this score on crops, best first. */
export async function openBoxFinder(
  model: InstalledDetector,
  { device, gate }: { device: Device; gate: number },
): Promise<CropReader<FoundBox[]>> {
  const detector = await createDetector({ model, device, scoreFloor: gate });
  return {
    planInput: (crop) => detector.planInput(crop),
    close: () => detector.close(),
    async read({ picture, original, origin, whole }) {
      const found: FoundBox[] = [];
      for (const { label, score, box } of await detector.detect(picture, original)) {
        const place = toStoredBox(moved(box, origin), whole);
        const { x1, y1, x2, y2 } = xywhToXyxy(place);
        const quality = await qualityOf(whole, place);
        found.push({ label, confidence: Math.round(score * 1e4) / 1e4, bbox: [x1, y1, x2, y2], quality });
      }
      return found;
    },
  };
}

function moved({ x1, y1, x2, y2 }: BoxXyxy, { x, y }: Point): BoxXyxy {
  return { x1: x1 + x, y1: y1 + y, x2: x2 + x, y2: y2 + y };
}

async function qualityOf(whole: RgbPicture, box: { x: number; y: number; width: number; height: number }): Promise<PictureQuality | null> {
  const part = await cropPicture(whole, box, (size) => size);
  const measures = part && measurePicture(toMotionLuma(part.picture));
  return measures === undefined ? null : ratePicture(measures);
}
