import type { Size } from './box.ts';

const MAX_GAP_MS = 10_000;
const MAX_STILL_GAP_MS = 120_000;

/** Grey samples kept of the end of a chain, from which the next file's background is rebuilt. */
export const HANDOVER_SAMPLES = 20;

/** Start and end in footage time, size of the picture after rotation. */
export type ChainLink = { startMs: number; endMs: number; picture: Size; isStill: boolean };

/** Whether a file goes on where its camera's file before it ended, so that the background is handed over. Overlap is allowed. */
export function continuesPredecessor(predecessor: ChainLink, file: ChainLink): boolean {
  const sameSize = predecessor.picture.width === file.picture.width && predecessor.picture.height === file.picture.height;
  if (!sameSize) return false;
  const gapMs = file.startMs - predecessor.endMs;
  return predecessor.isStill && file.isStill ? gapMs <= MAX_STILL_GAP_MS : gapMs < MAX_GAP_MS;
}
