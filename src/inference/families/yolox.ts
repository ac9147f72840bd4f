import type { CardOf } from '../model-card.ts';
import { floatsOf } from './family.ts';
import type { Candidate, Family } from './family.ts';

const OBJECTNESS = 4;
const BOX_AND_OBJECTNESS = 5;

/**
 * YOLOX without the decoding in the graph: rows of `[x, y, w, h, objectness, class scores…]`, stride by stride, row-major.
 * The centre is relative to its cell, the size is the logarithm of its multiple of the stride.
 */
export const yolox: Family<CardOf<'yolox'>> = {
  boxesIn: 'input',
  expectedOutputs(card, classCount) {
    const cells = card.strides.map((stride) => Math.floor(card.input.width / stride) * Math.floor(card.input.height / stride));
    const rows = cells.reduce((sum, count) => sum + count, 0);
    return [{ name: card.outputs.predictions, type: 'float32', dims: [null, rows, classCount + BOX_AND_OBJECTNESS] }];
  },
  decode(outputs, card, scoreFloor) {
    const { data, dims } = floatsOf(outputs, card.outputs.predictions);
    const rowLength = dims[1] ?? 0;
    const candidates: Candidate[] = [];
    let offset = 0;
    for (const stride of card.strides) {
      const columns = Math.floor(card.input.width / stride);
      const cells = columns * Math.floor(card.input.height / stride);
      for (let cell = 0; cell < cells; cell += 1, offset += rowLength) {
        // Class scores are at most 1, so most cells are done after one comparison.
        if ((data[offset + OBJECTNESS] ?? 0) < scoreFloor) continue;
        const row = data.subarray(offset, offset + rowLength);
        const candidate = decodeRow(row, { stride, column: cell % columns, line: Math.floor(cell / columns) });
        if (candidate.score >= scoreFloor) candidates.push(candidate);
      }
    }
    return candidates;
  },
};

type Cell = { stride: number; column: number; line: number };

function decodeRow(row: Float32Array, { stride, column, line }: Cell): Candidate {
  const [x = 0, y = 0, logWidth = 0, logHeight = 0, objectness = 0] = row;
  const centreX = (x + column) * stride;
  const centreY = (y + line) * stride;
  const halfWidth = (Math.exp(logWidth) * stride) / 2;
  const halfHeight = (Math.exp(logHeight) * stride) / 2;
  let classId = 0;
  let best = -1;
  for (let index = BOX_AND_OBJECTNESS; index < row.length; index += 1) {
    const score = row[index] ?? 0;
    if (score > best) {
      best = score;
      classId = index - BOX_AND_OBJECTNESS;
    }
  }
  const box = { x1: centreX - halfWidth, y1: centreY - halfHeight, x2: centreX + halfWidth, y2: centreY + halfHeight };
  return { classId, score: objectness * best, box };
}
