import { expect, test } from 'vitest';
import { cameraOffset, OFFSET_BLOCK } from '../../../../src/domain/calibration/camera-offset.ts';
import type { FeedbackType } from '../../../../src/domain/enums.ts';

/** A block with so many false positives and missed threats, the rest correct. */
function block(falsePositives: number, missed: number): FeedbackType[] {
  const types = Array<FeedbackType>(OFFSET_BLOCK).fill('correct');
  return types.fill('missed_threat', 0, missed).fill('false_positive', missed, missed + falsePositives);
}

const times = (count: number, ...of: FeedbackType[][]): FeedbackType[] => Array(count).fill(of).flat(2) as FeedbackType[];

test.each<[string, FeedbackType[], number]>([
  ['nothing', [], 0],
  ['19 false positives, an unfinished block', Array<FeedbackType>(19).fill('false_positive'), 0],
  ['half of a block false', block(10, 0), 0],
  ['more than half false', block(11, 0), -5],
  ['a tenth missed', block(0, 2), 0],
  ['more than a tenth missed', block(0, 3), 5],
  ['both: too many false alarms first', block(11, 3), -5],
  ['a quiet block after a bad one', [...block(20, 0), ...block(0, 0)], -3],
  ['quiet blocks until nothing is left', [...block(20, 0), ...times(4, block(0, 0))], 0],
  ['a quiet block after missed ones', [...block(0, 20), ...block(0, 0)], 3],
  ['seven bad blocks: no further than 30', times(7, block(20, 0)), -30],
  ['seven blocks of missed threats', times(7, block(0, 20)), 30],
  ['a block and a part', [...block(20, 0), ...block(0, 20).slice(1)], -5],
])('%s give the offset of a camera (§10.7)', (_, types, offset) => {
  expect(cameraOffset(types)).toBe(offset);
});
