import type { FinishedItem } from '../process/save-queue.ts';

/** What became of the files of a segment. */
export type SegmentOutcome = {
  done: number;
  partial: number;
  failed: number;
  detections: number;
  inferences: number;
};

type Ending = { end: (outcome: SegmentOutcome | undefined) => void; fail: (error: unknown) => void };
type Entry = Ending & { left: Set<number>; soFar: SegmentOutcome };

export type OpenSegment = {
  /** Undefined when its files were given back. */
  outcome: Promise<SegmentOutcome | undefined>;
  /** Waits for no other files than these. */
  keepOnly: (ids: ReadonlySet<number>) => void;
  fail: (error: unknown) => void;
};

export type SegmentBoard = {
  open: (fileIds: readonly number[]) => OpenSegment;
  settle: (items: readonly FinishedItem[]) => void;
  endAll: () => void;
  failAll: (error: unknown) => void;
};

/** Segments that wait for their files, which are done in whatever order. */
export function createSegmentBoard(): SegmentBoard {
  const entries = new Set<Entry>();
  let failure: { error: unknown } | undefined;
  return {
    open: (fileIds) => {
      const { entry, outcome } = openEntry(fileIds);
      entries.add(entry);
      if (failure !== undefined) entry.fail(failure.error);
      const keepOnly = (ids: ReadonlySet<number>): void => {
        for (const id of fileIds) if (!ids.has(id)) entry.left.delete(id);
        if (entry.left.size === 0) entry.end(entry.soFar);
      };
      return { outcome: outcome.finally(() => entries.delete(entry)), keepOnly, fail: entry.fail };
    },
    settle: (items) => {
      for (const entry of entries) settle(entry, items);
    },
    endAll: () => {
      for (const entry of entries) entry.end(undefined);
    },
    failAll: (error) => {
      failure = { error };
      for (const entry of entries) entry.fail(error);
    },
  };
}

function openEntry(fileIds: readonly number[]): { entry: Entry; outcome: Promise<SegmentOutcome | undefined> } {
  let ending: Ending = { end: () => undefined, fail: () => undefined };
  const outcome = new Promise<SegmentOutcome | undefined>((end, fail) => {
    ending = { end, fail };
  });
  const soFar: SegmentOutcome = { done: 0, partial: 0, failed: 0, detections: 0, inferences: 0 };
  return { entry: { ...ending, left: new Set(fileIds), soFar }, outcome };
}

function settle({ left, soFar, end }: Entry, items: readonly FinishedItem[]): void {
  for (const { file, analysis } of items) {
    if (!left.delete(file.id)) continue;
    const { status } = analysis;
    soFar[status] += 1;
    soFar.detections += analysis.detections.length;
    soFar.inferences += analysis.inferences;
  }
  if (left.size === 0) end(soFar);
}
