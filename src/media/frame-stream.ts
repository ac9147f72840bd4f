import type { RgbPicture } from '../domain/picture.ts';

export type SampledFrame = {
  /** Real presentation time from the file's start, whole ms. */
  offsetMs: number;
  /** Its bytes are valid until the next frame is asked for. */
  picture: RgbPicture;
};

/** Decoded frames of a short span of footage, sampled or not. */
export type FrameRun = { frames: number; lastOffsetMs?: number };

/** What the decoder really did. `lastOffsetMs` is of the last decoded frame, sampled or not. */
export type DecodeReport = {
  decodedFrames: number;
  lastOffsetMs?: number;
  errorLines: number;
  /** At most five different texts, without file names. */
  firstErrors: string[];
  endedBy: 'end' | 'limit' | 'abort' | 'timeout';
  /** Where only a part was asked for: what was decoded just before its begin, and just before its end. Parts that fit together agree on it. */
  seams?: { before: FrameRun; end: FrameRun };
};

/** Iterate once. `report` settles after the iteration has ended, by whatever means; it rejects where the iteration throws. */
export type FrameStream = AsyncIterable<SampledFrame> & { readonly report: Promise<DecodeReport> };
