import { clamp, toStoredBox, xywhToXyxy } from './box.ts';
import type { BoxXywh, Size } from './box.ts';
import type { FrameDetection } from './detection.ts';
import type { MotionRegion } from './motion-regions.ts';

/** Label of what moves when no detector model is installed. */
export const MOTION_LABEL = 'motion';

const MAX_DETECTIONS = 20;

/** Score of a moving area: `areaShare` of the frame 0 … 1, `meanDifference` from the background in grey levels. */
export function motionScore(areaShare: number, meanDifference: number): number {
  const areaTerm = Math.min(1, Math.sqrt(areaShare / 0.02));
  const contrastTerm = clamp((meanDifference - 22) / 78, 0, 1);
  return 0.25 + 0.7 * (0.6 * areaTerm + 0.4 * contrastTerm);
}

/** The built-in detector: the regions found in a motion picture of size `luma`, largest first, as boxes of `picture`. */
export function motionDetections(regions: readonly MotionRegion[], luma: Size, picture: Size): FrameDetection[] {
  return regions
    .toSorted((a, b) => b.areaPx - a.areaPx)
    .slice(0, MAX_DETECTIONS)
    .map((region) => ({
      label: MOTION_LABEL,
      score: motionScore(region.areaPx / (luma.width * luma.height), region.meanDifference),
      box: scaleBox(region.box, luma, picture),
    }));
}

function scaleBox(box: BoxXywh, from: Size, to: Size): BoxXywh {
  const { x1, y1, x2, y2 } = xywhToXyxy(box);
  const scaleX = to.width / from.width;
  const scaleY = to.height / from.height;
  return toStoredBox({ x1: x1 * scaleX, y1: y1 * scaleY, x2: x2 * scaleX, y2: y2 * scaleY }, to);
}
