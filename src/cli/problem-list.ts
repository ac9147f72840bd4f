import { createLongList, type LongList } from '../lib/long-list.ts';

/** Of a folder full of damage: what is more than this does not stay in memory. */
const KEPT_PROBLEMS = 1_000;

/** The problems of a run over footage. `complete`: all are wanted in the end, not just some and their number. */
export function createProblemList<Problem extends object>(complete: boolean): LongList<Problem> {
  return createLongList<Problem>({ kept: KEPT_PROBLEMS, complete });
}
