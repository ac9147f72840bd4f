import { compareDetections } from './stored-detection.ts';
import type { AnalysedFrame, StoredDetection } from './stored-detection.ts';

/** One analysed frame with what was found in it, in the detector's order. */
export type TimelineFrame<D extends StoredDetection = StoredDetection> = AnalysedFrame & { detections: readonly D[] };

/** Frames in order of time, whatever the order of the input. Frames of two files at the same instant stay apart as far as they hold detections. */
export function* frameTimeline<D extends StoredDetection>(
  detections: readonly D[],
  analysedFrames: readonly AnalysedFrame[],
): Generator<TimelineFrame<D>> {
  const frames = analysedFrames.toSorted((a, b) => a.atMs - b.atMs);
  let next = 0;
  for (const found of splitByFrame(detections.toSorted(compareDetections))) {
    const [first] = found;
    if (!first) continue;
    for (; ; next += 1) {
      const frame = frames[next];
      if (!frame || frame.atMs >= first.detectedAtMs) break;
      yield { ...frame, detections: [] };
    }
    const planned = frames[next];
    const isPlanned = planned?.atMs === first.detectedAtMs;
    if (isPlanned) next += 1;
    yield { atMs: first.detectedAtMs, isStill: first.isStill, ...(isPlanned ? planned : {}), detections: found };
  }
  for (const frame of frames.slice(next)) yield { ...frame, detections: [] };
}

function* splitByFrame<D extends StoredDetection>(sorted: readonly D[]): Generator<D[]> {
  let frame: D[] = [];
  for (const detection of sorted) {
    const [first] = frame;
    if (first && !isSameFrame(first, detection)) {
      yield frame;
      frame = [];
    }
    frame.push(detection);
  }
  if (frame.length > 0) yield frame;
}

function isSameFrame(a: StoredDetection, b: StoredDetection): boolean {
  return a.detectedAtMs === b.detectedAtMs && a.fileSha256 === b.fileSha256 && a.frameOffsetMs === b.frameOffsetMs;
}
