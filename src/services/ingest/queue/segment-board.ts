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
type Entry = Ending & { left: Set<number>; toLookAt: Set<number>; onLookedAt: () => void; soFar: SegmentOutcome };

export type OpenSegment = {
  /** Undefined when its files were given back. */
  outcome: Promise<SegmentOutcome | undefined>;
  /** Waits for no other files than these. */
  keepOnly: (ids: ReadonlySet<number>) => void;
  fail: (error: unknown) => void;
};

export type SegmentBoard = {
  /** `onLookedAt` is called when all of these files were looked at and only have to be saved. */
  open: (fileIds: readonly number[], onLookedAt: () => void) => OpenSegment;
  /** Whether it was the last file of a segment that had to be looked at. */
  lookedAt: (fileId: number) => boolean;
  settle: (items: readonly FinishedItem[]) => void;
  /** Also those that are opened later. */
  endAll: () => void;
  failAll: (error: unknown) => void;
};

/** Segments that wait for their files, which are done in whatever order. */
export function createSegmentBoard(): SegmentBoard {
  const entries = new Set<Entry>();
  let endLate: ((entry: Entry) => void) | undefined;
  const endAs = (end: (entry: Entry) => void): void => {
    endLate = end;
    for (const entry of entries) end(entry);
  };
  return {
    open: (fileIds, onLookedAt) => {
      const { entry, outcome } = openEntry(fileIds, onLookedAt);
      entries.add(entry);
      endLate?.(entry);
      const keepOnly = (ids: ReadonlySet<number>): void => {
        for (const id of fileIds) {
          if (ids.has(id)) continue;
          entry.left.delete(id);
          lookedAt(entry, id);
        }
        if (entry.left.size === 0) entry.end(entry.soFar);
      };
      return { outcome: outcome.finally(() => entries.delete(entry)), keepOnly, fail: entry.fail };
    },
    lookedAt: (fileId) => [...entries].filter((entry) => lookedAt(entry, fileId)).length > 0,
    settle: (items) => {
      for (const entry of entries) settle(entry, items);
    },
    endAll: () => {
      endAs((entry) => {
        entry.end(undefined);
      });
    },
    failAll: (error) => {
      endAs((entry) => {
        entry.fail(error);
      });
    },
  };
}

type Opened = { entry: Entry; outcome: Promise<SegmentOutcome | undefined> };

function openEntry(fileIds: readonly number[], onLookedAt: () => void): Opened {
  let ending: Ending = { end: () => undefined, fail: () => undefined };
  const outcome = new Promise<SegmentOutcome | undefined>((end, fail) => {
    ending = { end, fail };
  });
  const soFar: SegmentOutcome = { done: 0, partial: 0, failed: 0, detections: 0, inferences: 0 };
  return { entry: { ...ending, left: new Set(fileIds), toLookAt: new Set(fileIds), onLookedAt, soFar }, outcome };
}

function lookedAt({ toLookAt, onLookedAt }: Entry, fileId: number): boolean {
  if (!toLookAt.delete(fileId) || toLookAt.size > 0) return false;
  onLookedAt();
  return true;
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
