/** One detected box for formats of computer vision, or a frame without one. Records of a file come one after the other, in order of their offset. */
export type BoxRecord = {
  /** Tells files apart, also two that lay under the same name. */
  fileKey: string;
  /** As it is written, with forward slashes. */
  file: string;
  isVideo: boolean;
  /** Nominal frames per second of a video, where they are known. */
  frameRate: number | null;
  /** From the start of the video; undefined for a video of which no frame was looked at. */
  frameOffsetMs: number | undefined;
  imageWidth: number;
  imageHeight: number;
  /** Absent: the frame was looked at, and nothing was found. */
  found?: FoundBox | undefined;
};

export type FoundBox = {
  id: number;
  label: string;
  /** 0–1. */
  confidence: number;
  /** In pixels of the picture as it is displayed. */
  box: { x: number; y: number; width: number; height: number };
};

const DECIMALS = 1e6;

/** To 6 decimals: a pixel of a picture up to 500,000 pixels wide is found again. */
export function roundShare(value: number): number {
  return Math.round(value * DECIMALS) / DECIMALS;
}
