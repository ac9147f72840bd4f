import type { CardOf } from '../model-card.ts';
import { floatsOf } from './family.ts';
import type { Candidate, Family } from './family.ts';

const ROW_LENGTH = 6;

/** YOLOv10, YOLO26 and other exports without suppression: rows of `x1, y1, x2, y2, score, class` in pixels of the input. */
export const endToEnd: Family<CardOf<'end-to-end'>> = {
  boxesIn: 'input',
  expectedOutputs(card) {
    return [{ name: card.outputs.predictions, type: 'float32', dims: [null, null, ROW_LENGTH] }];
  },
  decode(outputs, card, scoreFloor) {
    const { data } = floatsOf(outputs, card.outputs.predictions);
    const candidates: Candidate[] = [];
    for (let offset = 0; offset + ROW_LENGTH <= data.length; offset += ROW_LENGTH) {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0, score = 0, classId = -1] = data.subarray(offset, offset + ROW_LENGTH);
      if (score >= scoreFloor) candidates.push({ classId: Math.round(classId), score, box: { x1, y1, x2, y2 } });
    }
    return candidates;
  },
};
