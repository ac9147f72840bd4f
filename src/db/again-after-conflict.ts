import { sleep } from '../lib/sleep.ts';

/** Deadlock, a transaction that cannot be put in order, and a row that refers to one that another transaction has removed. */
const CONFLICTS = new Set(['40P01', '40001', '23503']);
const ATTEMPTS = 6;
const PAUSE_MS = 20;

/**
 * Does the work of a whole transaction again when it met another one that looks at the same footage: whoever comes later finds what the
 * other has left. Throws what the last attempt throws, and everything else at once.
 */
export async function againAfterConflict<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!CONFLICTS.has((error as { code?: string }).code ?? '') || attempt >= ATTEMPTS) throw error;
      await sleep(PAUSE_MS * attempt * (1 + Math.random()));
    }
  }
}
