import type { CardOf } from '../model-card.ts';
import { floatsOf } from './family.ts';
import type { Candidate, Family } from './family.ts';

const BOX_ROWS = 4;

/** YOLOv8 and YOLO11: `[4 + classes, anchors]`, channel-major; centre and size in pixels of the input, class scores final. */
export const yolov8: Family<CardOf<'yolov8'>> = {
  boxesIn: 'input',
  expectedOutputs(card, classCount) {
    return [{ name: card.outputs.predictions, type: 'float32', dims: [null, classCount + BOX_ROWS, null] }];
  },
  decode(outputs, card, scoreFloor) {
    const { data, dims } = floatsOf(outputs, card.outputs.predictions);
    const [rows = 0, anchors = 0] = dims;
    const { scores, classIds } = bestClasses(data, rows, anchors);
    const candidates: Candidate[] = [];
    for (const [anchor, score] of scores.entries()) {
      if (!(score >= scoreFloor)) continue;
      candidates.push({ classId: classIds[anchor] ?? 0, score, box: boxAt(data, anchors, anchor) });
    }
    return candidates;
  },
};

/** Row by row as the data lies in memory; anchor by anchor would miss the cache at every step. */
function bestClasses(data: Float32Array, rows: number, anchors: number): { scores: Float32Array; classIds: Uint16Array } {
  const scores = new Float32Array(anchors).fill(-1);
  const classIds = new Uint16Array(anchors);
  for (let row = BOX_ROWS; row < rows; row += 1) {
    const start = row * anchors;
    for (let anchor = 0; anchor < anchors; anchor += 1) {
      const score = data[start + anchor] ?? 0;
      if (score > (scores[anchor] ?? 0)) {
        scores[anchor] = score;
        classIds[anchor] = row - BOX_ROWS;
      }
    }
  }
  return { scores, classIds };
}

function boxAt(data: Float32Array, anchors: number, anchor: number): Candidate['box'] {
  const value = (row: number): number => data[row * anchors + anchor] ?? 0;
  const [centreX, centreY, halfWidth, halfHeight] = [value(0), value(1), value(2) / 2, value(3) / 2];
  return { x1: centreX - halfWidth, y1: centreY - halfHeight, x2: centreX + halfWidth, y2: centreY + halfHeight };
}
