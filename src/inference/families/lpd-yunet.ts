import type { Size } from '../../domain/box.ts';
import type { CardOf } from '../model-card.ts';
import { floatsOf } from './family.ts';
import type { Candidate, Family } from './family.ts';

/** Numbers of `loc` per prior: a box, then the four corners of the plate, which are all that is read. */
const ROW_LENGTH = 14;
const CORNERS = [4, 6, 10, 12] as const;
const VARIANCE = 0.1;

type Prior = { x: number; y: number; size: number };

/**
 * LPD-YuNet plates: an SSD with square priors, a class score and an estimate of the overlap. Corners are offsets from the middle of the
 * prior in tenths of its size; the box is the one around the corners.
 */
export const lpdYunet: Family<CardOf<'lpd-yunet'>> = {
  boxesIn: 'input',
  expectedOutputs(card) {
    // The file has no batch axis: its first one counts priors.
    const count = priorsOf(card).length;
    return [
      { name: card.outputs.boxes, type: 'float32', dims: [count, ROW_LENGTH] },
      { name: card.outputs.scores, type: 'float32', dims: [count, 2] },
      { name: card.outputs.overlaps, type: 'float32', dims: [count, 1] },
    ];
  },
  decode(outputs, card, scoreFloor) {
    const places = floatsOf(outputs, card.outputs.boxes).data;
    const scores = floatsOf(outputs, card.outputs.scores).data;
    const overlaps = floatsOf(outputs, card.outputs.overlaps).data;
    const candidates: Candidate[] = [];
    for (const [index, prior] of priorsOf(card).entries()) {
      const overlap = Math.min(1, Math.max(0, overlaps[index] ?? 0));
      const score = Math.sqrt((scores[2 * index + 1] ?? 0) * overlap);
      if (!(score >= scoreFloor)) continue;
      candidates.push({ classId: 0, score, box: toBox(places.subarray(index * ROW_LENGTH, (index + 1) * ROW_LENGTH), prior) });
    }
    return candidates;
  },
};

function toBox(place: Float32Array, { x, y, size }: Prior): Candidate['box'] {
  const xs = CORNERS.map((at) => x + (place[at] ?? 0) * VARIANCE * size);
  const ys = CORNERS.map((at) => y + (place[at + 1] ?? 0) * VARIANCE * size);
  return { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
}

const known = new WeakMap<CardOf<'lpd-yunet'>, Prior[]>();

function priorsOf(card: CardOf<'lpd-yunet'>): Prior[] {
  const priors = known.get(card) ?? makePriors(card);
  known.set(card, priors);
  return priors;
}

/** Level by level, row by row, size by size; each level has half the cells of the one before, rounded down. */
function makePriors({ input, levels }: CardOf<'lpd-yunet'>): Prior[] {
  const priors: Prior[] = [];
  let cells: Size = { width: half(half(input.width + 1)), height: half(half(input.height + 1)) };
  for (const { stride, sizes } of levels) {
    cells = { width: half(cells.width), height: half(cells.height) };
    for (let line = 0; line < cells.height; line += 1) {
      for (let column = 0; column < cells.width; column += 1) {
        for (const size of sizes) priors.push({ x: (column + 0.5) * stride, y: (line + 0.5) * stride, size });
      }
    }
  }
  return priors;
}

function half(length: number): number {
  return Math.floor(length / 2);
}
