import { expect, test } from 'vitest';
import type { FinishedItem } from '../../../../src/services/ingest/process/save-queue.ts';
import { createSegmentBoard } from '../../../../src/services/ingest/queue/segment-board.ts';

function saved(id: number): FinishedItem {
  const file = { id, path: '/f', root: '/', mediaType: 'video' as const, startMs: 0, endMs: 1000, movingCamera: false };
  const counts = { framesExpected: 1, framesLookedAt: 1, inferences: 2, readableFraction: 1, readableMs: 1000 };
  return {
    file,
    camera: 'gate',
    attempts: 1,
    analysis: { status: 'done', detections: [], analysedOffsetsMs: [0], warnings: [], ...counts },
  };
}

const nothing = (): void => undefined;

test('a segment needs no process once its last file was looked at, and is over when all are saved', async () => {
  const board = createSegmentBoard();
  let free = 0;
  const { outcome } = board.open([1, 2], () => (free += 1));
  board.open([3], nothing);
  expect(board.lookedAt(1)).toBe(false);
  board.settle([saved(1)]);
  expect([free, board.lookedAt(2), board.lookedAt(2)]).toEqual([0, true, false]);
  expect(free).toBe(1);
  const early = await Promise.race([outcome, Promise.resolve('not saved')]);
  expect(early).toBe('not saved');
  board.settle([saved(2)]);
  expect(await outcome).toMatchObject({ done: 2, inferences: 4 });
});

test('files that need no work are not waited for, also when the others were done before that was known', async () => {
  const board = createSegmentBoard();
  let free = 0;
  const segment = board.open([1, 2], () => (free += 1));
  board.lookedAt(1);
  board.settle([saved(1)]);
  segment.keepOnly(new Set([1]));
  expect(free).toBe(1);
  expect(await segment.outcome).toMatchObject({ done: 1 });
});

test('a segment that comes after the end is given back, or fails as the others did', async () => {
  const [ended, failed] = [createSegmentBoard(), createSegmentBoard()];
  ended.endAll();
  failed.failAll(new Error('no disk'));
  expect(await ended.open([1], nothing).outcome).toBeUndefined();
  await expect(failed.open([1], nothing).outcome).rejects.toThrow('no disk');
});
