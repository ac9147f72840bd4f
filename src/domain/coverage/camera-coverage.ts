import { joinInterval } from './interval.ts';
import type { Interval } from './interval.ts';

/** A file as far as coverage is concerned. `readableMs` is what could be read, `claimedMs` what the file says it holds. */
export type FootageFile = {
  startMs: number;
  isStill: boolean;
  outcome: 'complete' | 'partial' | 'failed';
  readableMs: number;
  claimedMs: number;
};

/** Adds files in order of their start and keeps only the union: years of footage in little memory. */
export type CoverageBuilder = { add: (file: FootageFile) => void; coverage: () => Interval[] };

/** Stills this near to each other cover the time between them. */
const MAX_STILL_PAUSE_MS = 120_000;
const LONE_STILL_MS = 1_000;

export function createCoverageBuilder(): CoverageBuilder {
  const union: Interval[] = [];
  let lastStillMs = -Infinity;
  let newestStartMs = -Infinity;
  return {
    add(file) {
      if (file.startMs < newestStartMs) throw new RangeError('files must be added in order of their start');
      newestStartMs = file.startMs;
      const interval = file.isStill ? stillInterval(file.startMs, lastStillMs) : videoInterval(file);
      if (file.outcome === 'failed' || interval.endMs <= interval.startMs) return;
      if (file.isStill) lastStillMs = file.startMs;
      joinInterval(union, interval);
    },
    coverage: () => union.map((interval) => ({ ...interval })),
  };
}

/** When a camera's footage was recorded: ascending, files at most 10 s apart are one. The order of the files does not matter. */
export function cameraCoverage(files: readonly FootageFile[]): Interval[] {
  const builder = createCoverageBuilder();
  for (const file of files.toSorted((a, b) => a.startMs - b.startMs)) builder.add(file);
  return builder.coverage();
}

function stillInterval(atMs: number, lastStillMs: number): Interval {
  return atMs - lastStillMs <= MAX_STILL_PAUSE_MS ? { startMs: lastStillMs, endMs: atMs } : { startMs: atMs, endMs: atMs + LONE_STILL_MS };
}

function videoInterval({ startMs, readableMs }: FootageFile): Interval {
  return { startMs, endMs: startMs + readableMs };
}
