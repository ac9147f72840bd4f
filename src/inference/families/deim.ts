import type { CardOf } from '../model-card.ts';
import { floatsOf } from './family.ts';
import type { Candidate, Family } from './family.ts';

const BOX_SIDES = 4;

/** DETR style (RT-DETR, D-FINE, DEIM): class ids, corners in pixels of the original picture, scores. Some models repeat an object. */
export const deim: Family<CardOf<'deim'>> = {
  boxesIn: 'original',
  expectedOutputs(card) {
    return [
      { name: card.outputs.labels, type: 'int64', dims: [null, null] },
      { name: card.outputs.boxes, type: 'float32', dims: [null, null, BOX_SIDES] },
      { name: card.outputs.scores, type: 'float32', dims: [null, null] },
    ];
  },
  decode(outputs, card, scoreFloor) {
    const labels = outputs.get(card.outputs.labels)?.data ?? new BigInt64Array();
    const boxes = floatsOf(outputs, card.outputs.boxes).data;
    const scores = floatsOf(outputs, card.outputs.scores).data;
    const candidates: Candidate[] = [];
    for (const [index, score] of scores.entries()) {
      if (!(score >= scoreFloor)) continue;
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(index * BOX_SIDES, (index + 1) * BOX_SIDES);
      candidates.push({ classId: Number(labels[index] ?? -1), score, box: { x1, y1, x2, y2 } });
    }
    return candidates;
  },
};
