import type { CocoImage, Corners, Truth } from './coco.ts';

export type Found = { label: string; score: number; box: Corners };

export type Precision = { ap: number; ap50: number };

const OVERLAPS = Array.from({ length: 10 }, (_, index) => 0.5 + index * 0.05);
const RECALLS = Array.from({ length: 101 }, (_, index) => index / 100);
const MOST_PER_CLASS = 100;

/**
 * COCO's average precision in per cent, over all sizes: for each class the mean precision at 101 recalls, at overlaps of .50 to .95,
 * averaged over the classes that occur. `found[i]` belongs to `images[i]`.
 */
export function averagePrecision(images: readonly CocoImage[], found: readonly (readonly Found[])[]): Precision {
  const labels = new Set(images.flatMap(({ truths }) => truths.filter(({ isCrowd }) => !isCrowd).map(({ label }) => label)));
  const byLabel = [...labels].map((label) => precisionsOf(label, images, found));
  const at = (index: number): number => mean(byLabel.map((precisions) => precisions[index] ?? 0));
  return { ap: 100 * mean(OVERLAPS.map((_, index) => at(index))), ap50: 100 * at(0) };
}

type Judged = { score: number; isTrue: boolean };

/** One number per overlap. */
function precisionsOf(label: string, images: readonly CocoImage[], found: readonly (readonly Found[])[]): number[] {
  const truthsOf = images.map(({ truths }) => truths.filter((truth) => truth.label === label));
  const total = truthsOf.flat().filter(({ isCrowd }) => !isCrowd).length;
  const best = found.map((boxes) => byScore(boxes.filter((box) => box.label === label)).slice(0, MOST_PER_CLASS));
  return OVERLAPS.map((overlap) => {
    const judged = best.flatMap((boxes, index) => judge(boxes, truthsOf[index] ?? [], overlap));
    return areaUnder(byScore(judged), total);
  });
}

/** Each box, best first, takes the free truth it overlaps most. What lies in a crowd is left out. */
function judge(boxes: readonly Found[], truths: readonly Truth[], overlap: number): Judged[] {
  const free = new Set(truths.filter(({ isCrowd }) => !isCrowd));
  const crowds = truths.filter(({ isCrowd }) => isCrowd);
  return boxes.flatMap(({ score, box }): Judged[] => {
    let match: Truth | undefined;
    let most = overlap;
    for (const truth of free) {
      const shared = overlapOf(box, truth.box);
      if (shared >= most) [match, most] = [truth, shared];
    }
    if (match !== undefined) {
      free.delete(match);
      return [{ score, isTrue: true }];
    }
    return crowds.some((crowd) => shareInside(box, crowd.box) >= overlap) ? [] : [{ score, isTrue: false }];
  });
}

function areaUnder(judged: readonly Judged[], total: number): number {
  let hits = 0;
  const points = judged.map(({ isTrue }, index) => {
    if (isTrue) hits += 1;
    return { recall: hits / total, precision: hits / (index + 1) };
  });
  for (let index = points.length - 2; index >= 0; index -= 1) {
    points[index]!.precision = Math.max(points[index]!.precision, points[index + 1]!.precision);
  }
  return mean(RECALLS.map((recall) => points.find((point) => point.recall >= recall)?.precision ?? 0));
}

function byScore<Item extends { score: number }>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => b.score - a.score);
}

function intersection(a: Corners, b: Corners): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return Math.max(0, width) * Math.max(0, height);
}

const areaOf = ([x1, y1, x2, y2]: Corners): number => (x2 - x1) * (y2 - y1);

function overlapOf(a: Corners, b: Corners): number {
  const shared = intersection(a, b);
  return shared / (areaOf(a) + areaOf(b) - shared);
}

function shareInside(box: Corners, crowd: Corners): number {
  return intersection(box, crowd) / areaOf(box);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
