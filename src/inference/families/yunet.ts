import type { CardOf } from '../model-card.ts';
import { floatsOf } from './family.ts';
import type { Candidate, ExpectedOutput, Family } from './family.ts';

const SIDES = 4;

/** YuNet faces: per level a class score, an objectness and a box, all per cell; the score is the geometric mean of the first two. Landmarks are not read. */
export const yunet: Family<CardOf<'yunet'>> = {
  boxesIn: 'input',
  expectedOutputs(card) {
    return card.outputs.levels.flatMap(({ stride, scores, objectness, boxes }): ExpectedOutput[] => {
      const cells = Math.floor(card.input.width / stride) * Math.floor(card.input.height / stride);
      return [
        { name: scores, type: 'float32', dims: [null, cells, 1] },
        { name: objectness, type: 'float32', dims: [null, cells, 1] },
        { name: boxes, type: 'float32', dims: [null, cells, SIDES] },
      ];
    });
  },
  decode(outputs, card, scoreFloor) {
    const candidates: Candidate[] = [];
    for (const { stride, ...names } of card.outputs.levels) {
      const scores = floatsOf(outputs, names.scores).data;
      const objectness = floatsOf(outputs, names.objectness).data;
      const boxes = floatsOf(outputs, names.boxes).data;
      const columns = Math.floor(card.input.width / stride);
      for (const [cell, value] of scores.entries()) {
        const score = Math.sqrt(unit(value) * unit(objectness[cell] ?? 0));
        if (!(score >= scoreFloor)) continue;
        const at = { column: cell % columns, line: Math.floor(cell / columns), stride };
        candidates.push({ classId: 0, score, box: toBox(boxes.subarray(cell * SIDES, (cell + 1) * SIDES), at) });
      }
    }
    return candidates;
  },
};

function unit(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function toBox(
  [x = 0, y = 0, logWidth = 0, logHeight = 0]: Float32Array,
  at: { column: number; line: number; stride: number },
): Candidate['box'] {
  const centreX = (at.column + x) * at.stride;
  const centreY = (at.line + y) * at.stride;
  const halfWidth = (Math.exp(logWidth) * at.stride) / 2;
  const halfHeight = (Math.exp(logHeight) * at.stride) / 2;
  return { x1: centreX - halfWidth, y1: centreY - halfHeight, x2: centreX + halfWidth, y2: centreY + halfHeight };
}
