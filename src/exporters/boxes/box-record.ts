/** One detected box for formats of computer vision. Records of a file come one after the other, in order of their offset. */
export type BoxRecord = {
  id: number;
  /** Tells files apart, also two that lay under the same name. */
  fileKey: string;
  /** As it is written, with forward slashes. */
  file: string;
  isVideo: boolean;
  /** Nominal frames per second of a video, where they are known. */
  frameRate: number | null;
  /** From the start of the video. */
  frameOffsetMs: number;
  label: string;
  /** 0–1. */
  confidence: number;
  /** In pixels of the picture as it is displayed. */
  box: { x: number; y: number; width: number; height: number };
  imageWidth: number;
  imageHeight: number;
};

const DECIMALS = 1e6;

/** To 6 decimals: a pixel of a picture up to 500,000 pixels wide is found again. */
export function roundShare(value: number): number {
  return Math.round(value * DECIMALS) / DECIMALS;
}
