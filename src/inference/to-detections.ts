import type { BoxXyxy, Size } from '../domain/box.ts';
import type { RawDetection } from '../domain/detection.ts';
import { DEFAULT_NON_MAX_SUPPRESSION, nonMaxSuppression } from '../domain/non-max-suppression.ts';
import type { Candidate } from './families/family.ts';
import { familyOf } from './families/families.ts';
import { labelsOf } from './model-card.ts';
import type { DetectorCard } from './model-card.ts';
import { clampBox, placePicture } from './placement.ts';

/** `nmsIou` replaces the card's number; a model whose card has none is never suppressed. */
export type ToDetectionsOptions = { card: DetectorCard; original: Size; nmsIou?: number | undefined; maxBoxes?: number | undefined };

/** Candidates of one picture → boxes in its own pixels, clamped, suppressed per class, best first, at most `maxBoxes` (300). */
export function toDetections(candidates: readonly Candidate[], options: ToDetectionsOptions): RawDetection[] {
  const { card, original, maxBoxes = DEFAULT_NON_MAX_SUPPRESSION.maxBoxes } = options;
  const labels = labelsOf(card);
  const toOriginal = boxMapper(card, original);
  const detections: RawDetection[] = [];
  for (const { classId, score, box } of candidates) {
    const mapped = toOriginal(box);
    if (isEmpty(mapped)) continue;
    detections.push({ label: labelAt(labels, classId, card), score, box: mapped });
  }
  // With a limit of 1 no overlap is too much: only the order and the cap are left.
  const iou = card.nmsIou === undefined ? 1 : (options.nmsIou ?? card.nmsIou);
  return nonMaxSuppression(detections, { iou, maxBoxes });
}

function boxMapper(card: DetectorCard, original: Size): (box: BoxXyxy) => BoxXyxy {
  if (familyOf(card).boxesIn === 'original') return (box) => clampBox(box, original);
  const placement = placePicture(card.input, original);
  return (box) => placement.toOriginal(box);
}

/** Outside the picture altogether, or not numbers. */
function isEmpty({ x1, y1, x2, y2 }: BoxXyxy): boolean {
  return !(x2 > x1 && y2 > y1);
}

function labelAt(labels: readonly string[], classId: number, card: DetectorCard): string {
  const label = labels[classId];
  if (label === undefined)
    throw new RangeError(`model ${card.id} returned class ${String(classId)}, its card lists ${String(labels.length)} classes`);
  return label;
}
