/** Measured by the decoder; a number that is not known is left out. `spanMs`: last decoded offset plus one frame time. */
export type DecodeMeasure = {
  expectedFrames?: number | undefined;
  decodedFrames: number;
  claimedMs?: number | undefined;
  spanMs?: number | undefined;
  errorLines: number;
  keyframesOnly?: boolean | undefined;
};

export type Readability = {
  status: 'done' | 'partial' | 'failed';
  /** Share of the file that could be read, 0 … 1 to 4 decimals; null when nothing is known to compare with. */
  fraction: number | null;
  code?: 'truncated' | 'corrupt_frames' | 'no_frames';
};

const COMPLETE_FRACTION = 0.98;
const MISSING_FRAMES_ALLOWED = 2;
const ERROR_LINE_SHARE = 0.01;

/** Frames a video should have: the container's count, else its claimed duration times its average rate. */
export function expectedFrames(claim: {
  frameCount?: number | undefined;
  claimedMs?: number | undefined;
  frameRate?: number | undefined;
}): number | undefined {
  if (isPositive(claim.frameCount)) return claim.frameCount;
  if (!isPositive(claim.claimedMs) || !isPositive(claim.frameRate)) return undefined;
  return Math.round((claim.claimedMs / 1000) * claim.frameRate);
}

/** Judges a file by what came out of the decoder, never by its exit code. */
export function judgeReadability(measure: DecodeMeasure): Readability {
  const exact = readFraction(measure);
  const fraction = exact === null ? null : Math.round(exact * 10_000) / 10_000;
  if (measure.decodedFrames <= 0) return { status: 'failed', fraction, code: 'no_frames' };
  if (!isComplete(measure, exact)) return { status: 'partial', fraction, code: 'truncated' };
  const isCorrupt = measure.errorLines >= measure.decodedFrames * ERROR_LINE_SHARE;
  return isCorrupt ? { status: 'partial', fraction, code: 'corrupt_frames' } : { status: 'done', fraction };
}

function readFraction(measure: DecodeMeasure): number | null {
  const terms: number[] = [];
  if (!measure.keyframesOnly && isPositive(measure.expectedFrames)) {
    terms.push(measure.decodedFrames / measure.expectedFrames);
  }
  if (measure.spanMs !== undefined && isPositive(measure.claimedMs)) terms.push(measure.spanMs / measure.claimedMs);
  return terms.length === 0 ? null : Math.max(0, Math.min(1, ...terms));
}

function isComplete(measure: DecodeMeasure, fraction: number | null): boolean {
  if (fraction === null || fraction >= COMPLETE_FRACTION) return true;
  if (measure.keyframesOnly || !isPositive(measure.expectedFrames)) return false;
  return measure.expectedFrames - measure.decodedFrames <= MISSING_FRAMES_ALLOWED;
}

// Containers claim 0 frames or 0 ms when they do not know.
function isPositive(value: number | undefined): value is number {
  return value !== undefined && value > 0;
}
