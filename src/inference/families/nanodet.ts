import type { CardOf } from '../model-card.ts';
import { floatsOf } from './family.ts';
import type { Candidate, Family } from './family.ts';

const SIDES = 4;

/**
 * NanoDet with generalised focal loss: per level class scores and, for each side of the box, a distribution over `bins` distances.
 * The expected distance times the stride is how far the side lies from the centre of the cell.
 */
export const nanodet: Family<CardOf<'nanodet'>> = {
  boxesIn: 'input',
  expectedOutputs(card, classCount) {
    return card.outputs.levels.flatMap(({ stride, scores, boxes }) => {
      const cells = Math.ceil(card.input.width / stride) * Math.ceil(card.input.height / stride);
      return [
        { name: scores, type: 'float32', dims: [null, cells, classCount] },
        { name: boxes, type: 'float32', dims: [null, cells, SIDES * card.bins] },
      ];
    });
  },
  decode(outputs, card, scoreFloor) {
    const candidates: Candidate[] = [];
    for (const level of card.outputs.levels) {
      const scores = floatsOf(outputs, level.scores);
      const boxes = floatsOf(outputs, level.boxes).data;
      const classCount = scores.dims[1] ?? 0;
      const columns = Math.ceil(card.input.width / level.stride);
      for (let cell = 0; cell < (scores.dims[0] ?? 0); cell += 1) {
        const best = bestOf(scores.data, cell * classCount, classCount);
        if (!(best.score >= scoreFloor)) continue;
        const sides = boxes.subarray(cell * SIDES * card.bins, (cell + 1) * SIDES * card.bins);
        const at = { column: cell % columns, line: Math.floor(cell / columns), stride: level.stride };
        candidates.push({ ...best, box: toBox(sides, card.bins, at) });
      }
    }
    return candidates;
  },
};

function bestOf(scores: Float32Array, start: number, count: number): { classId: number; score: number } {
  let classId = 0;
  let score = -1;
  for (let index = 0; index < count; index += 1) {
    const value = scores[start + index] ?? 0;
    if (value > score) {
      score = value;
      classId = index;
    }
  }
  return { classId, score };
}

function toBox(
  sides: Float32Array,
  bins: number,
  { column, line, stride }: { column: number; line: number; stride: number },
): Candidate['box'] {
  const centreX = column * stride + (stride - 1) / 2;
  const centreY = line * stride + (stride - 1) / 2;
  const distance = (side: number): number => expectedBin(sides.subarray(side * bins, (side + 1) * bins)) * stride;
  return { x1: centreX - distance(0), y1: centreY - distance(1), x2: centreX + distance(2), y2: centreY + distance(3) };
}

/** Mean of the distribution whose logits are given, in bins. */
function expectedBin(logits: Float32Array): number {
  const highest = Math.max(...logits);
  let sum = 0;
  let weighted = 0;
  for (const [bin, logit] of logits.entries()) {
    const weight = Math.exp(logit - highest);
    sum += weight;
    weighted += weight * bin;
  }
  return weighted / sum;
}
