import type { FrameDetection } from '../../../domain/detection.ts';
import type { GivenFrame } from './analysis-task.ts';

/** Half the pause between two frames where the frame rate is not known. */
const HALF_FRAME_MS = 20;
/** A frame so much later is another one: what was looked at is not there. */
const LATEST_MS = 500;

export type FrameClaims = {
  /** What was found in the frame at this offset; undefined for a frame that was not looked at. Frames come in order. */
  claim(offsetMs: number): FrameDetection[] | undefined;
  /** Frames with detections that no frame of the video was. */
  unclaimed(): number;
};

/**
 * Finds the decoded frames that detections were made in elsewhere. Their offsets may be computed from a frame number and so miss the real
 * ones a little: the first frame answers that comes later than half the pause between two frames before it.
 */
export function createFrameClaims(frames: readonly GivenFrame[], frameRate: number | undefined): FrameClaims {
  const reachMs = frameRate === undefined ? HALF_FRAME_MS : 500 / frameRate;
  let next = 0;
  let missed = 0;
  const miss = ({ found }: GivenFrame): void => {
    if (found.length > 0) missed += 1;
  };
  return {
    claim(offsetMs) {
      let claimed: GivenFrame | undefined;
      for (let frame = frames[next]; frame !== undefined && frame.offsetMs - reachMs <= offsetMs; frame = frames[next]) {
        // Of two offsets for one frame the later one is nearer.
        if (claimed !== undefined) miss(claimed);
        claimed = frame;
        next += 1;
      }
      if (claimed !== undefined && offsetMs - claimed.offsetMs > LATEST_MS) {
        miss(claimed);
        return undefined;
      }
      return claimed?.found;
    },
    unclaimed: () => missed + frames.slice(next).filter(({ found }) => found.length > 0).length,
  };
}
