import type { FeedbackType } from '../enums.ts';

/** Feedback on a camera is judged in blocks of this many. */
export const OFFSET_BLOCK = 20;

const FURTHEST = 30;
const STEP = 5;
const RETURN = 2;

/**
 * What the scores of a camera would be shifted by, learnt from its feedback in the order it was given: down while more than half of a block
 * were false positives, up while more than a tenth were missed threats, else back towards nothing (§10.7). An unfinished block waits.
 */
export function cameraOffset(types: readonly FeedbackType[]): number {
  let offset = 0;
  for (let start = 0; start + OFFSET_BLOCK <= types.length; start += OFFSET_BLOCK) {
    offset = nextOffset(offset, types.slice(start, start + OFFSET_BLOCK));
  }
  return offset;
}

function nextOffset(offset: number, block: readonly FeedbackType[]): number {
  const count = (type: FeedbackType): number => block.filter((one) => one === type).length;
  if (2 * count('false_positive') > OFFSET_BLOCK) return Math.max(-FURTHEST, offset - STEP);
  if (10 * count('missed_threat') > OFFSET_BLOCK) return Math.min(FURTHEST, offset + STEP);
  return offset > 0 ? Math.max(0, offset - RETURN) : Math.min(0, offset + RETURN);
}
