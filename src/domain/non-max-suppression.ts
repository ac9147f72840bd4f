import type { RawDetection } from './detection.ts';
import { iou } from './iou.ts';

/** `iou`: a box that overlaps a kept one of its class by more than this is dropped; `maxBoxes`: most boxes kept of a frame, all classes together. */
export type NonMaxSuppressionOptions = { iou: number; maxBoxes: number };

export const DEFAULT_NON_MAX_SUPPRESSION: NonMaxSuppressionOptions = { iou: 0.45, maxBoxes: 300 };

/** Best boxes first; equal scores keep the order they came in. */
export function nonMaxSuppression(
  detections: readonly RawDetection[],
  options: NonMaxSuppressionOptions = DEFAULT_NON_MAX_SUPPRESSION,
): RawDetection[] {
  // Array.prototype.sort is stable, so ties stay in index order.
  const byScore = detections.toSorted((a, b) => b.score - a.score);
  const kept: RawDetection[] = [];
  const keptByLabel = new Map<string, RawDetection[]>();
  for (const candidate of byScore) {
    if (kept.length >= options.maxBoxes) break;
    const rivals = keptByLabel.get(candidate.label) ?? [];
    if (rivals.some((rival) => iou(rival.box, candidate.box) > options.iou)) continue;
    rivals.push(candidate);
    keptByLabel.set(candidate.label, rivals);
    kept.push(candidate);
  }
  return kept;
}
