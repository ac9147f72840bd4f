import type { BoxXywh, Size } from './box.ts';

/** A detection as read back for derivation; of one file and frame, ids ascend in the detector's order. */
export type StoredDetection = {
  id: number;
  detectedAtMs: number;
  mediaFileId: number;
  fileSha256: string;
  frameOffsetMs: number;
  label: string;
  score: number;
  box: BoxXywh;
  picture: Size;
  isStill: boolean;
};

/** A frame the detector looked at, with or without detections. `gapBeforeMs`: footage missing between it and the frame before it, in ms. */
export type AnalysedFrame = { atMs: number; isStill: boolean; gapBeforeMs?: number };

/** What puts a detection in its place. */
export type DetectionOrder = Pick<StoredDetection, 'id' | 'detectedAtMs' | 'fileSha256' | 'frameOffsetMs'>;

/** The order every fold runs in: footage time, file content, offset in the file, place in the frame. */
export function compareDetections(a: DetectionOrder, b: DetectionOrder): number {
  return a.detectedAtMs - b.detectedAtMs || compareText(a.fileSha256, b.fileSha256) || a.frameOffsetMs - b.frameOffsetMs || a.id - b.id;
}

// Not localeCompare: the order must not depend on the machine's locale.
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
