/** UTC, in ms since 1970, both ends included. */
export type Interval = { fromMs: number; toMs: number };

/** What was drawn before one camera: when a figure moved, and how many events the rules make of it. */
export type CameraTruth = { cameraId: string; moving: Interval[]; expectedEvents: number };

/** Paths are relative to the footage folder, with `/`. */
export type DemoTruth = { zone: string; files: number; cameras: CameraTruth[]; damaged: { path: string; code: string }[]; quiet: string[] };

const EVENT_WINDOW_MS = 90_000;
const EVENT_IDLE_MS = 30_000;

/** Number of events that the grouping rule (90 s window, 30 s pause) makes of detections at these moments, in order. */
export function countEvents(instantsMs: readonly number[]): number {
  let events = 0;
  let firstMs = -Infinity;
  let lastMs = -Infinity;
  for (const atMs of instantsMs) {
    if (atMs - firstMs > EVENT_WINDOW_MS || atMs - lastMs > EVENT_IDLE_MS) {
      events += 1;
      firstMs = atMs;
    }
    lastMs = atMs;
  }
  return events;
}
