import { xywhToXyxy } from './box.ts';
import type { BoxXywh, BoxXyxy } from './box.ts';

/** Intersection over union, 0 … 1; 0 for boxes that only touch. */
export function iou(a: BoxXyxy, b: BoxXyxy): number {
  const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  if (!(width > 0 && height > 0)) return 0;
  const intersection = width * height;
  const union = (a.x2 - a.x1) * (a.y2 - a.y1) + (b.x2 - b.x1) * (b.y2 - b.y1) - intersection;
  return intersection / union;
}

/** `iou` of boxes given by corner and size. */
export function iouXywh(a: BoxXywh, b: BoxXywh): number {
  return iou(xywhToXyxy(a), xywhToXyxy(b));
}
