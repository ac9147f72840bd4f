import { counted } from '../lib/counted.ts';

/** "3 looks at views would go": what a prune says beside its months; nothing for none. */
export function prunedLooksText(looks: number, isDone: boolean): string | undefined {
  return looks === 0 ? undefined : `${counted(looks, 'look')} at views ${isDone ? 'removed' : 'would go'}`;
}
