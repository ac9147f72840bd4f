/** What was seen in one frame of a file. */
export type BoxFrame<Box> = { offsetMs: number; boxes: readonly Box[] };

/** What is drawn from a moment of a file on, until the next one. */
export type BoxState<Box> = { atMs: number; boxes: readonly Box[] };

type HoldOptions = {
  /** Frames of the file that were looked at, whatever was seen in them. */
  analysedOffsetsMs: readonly number[];
  fromMs: number;
  durationMs: number;
};

/** A box tells nothing of where its object is a second later. */
const LONGEST_HOLD_MS = 1_000;
/** Where a single frame was looked at: the usual distance of two. */
const USUAL_STEP_MS = 500;

/**
 * Boxes come with the frame they were seen in and stay until the next frame that was looked at, for at most the usual distance of two such
 * frames: where nobody looked nothing is drawn. Moments count from `fromMs` of the file.
 */
export function holdBoxes<Box>(frames: readonly BoxFrame<Box>[], options: HoldOptions): BoxState<Box>[] {
  const { fromMs, durationMs } = options;
  const sorted = frames.toSorted((a, b) => a.offsetMs - b.offsetMs);
  const looks = [...new Set([...options.analysedOffsetsMs, ...sorted.map(({ offsetMs }) => offsetMs)])].sort((a, b) => a - b);
  const holdMs = holdOf(looks);
  const next = new Map(looks.map((look, index) => [look, looks[index + 1] ?? Infinity]));
  const states: BoxState<Box>[] = [];
  for (const { offsetMs, boxes } of sorted) {
    const untilMs = Math.min(offsetMs + holdMs, next.get(offsetMs) ?? Infinity);
    if (untilMs <= fromMs || offsetMs >= fromMs + durationMs) continue;
    const atMs = Math.max(0, offsetMs - fromMs);
    if (states.at(-1)?.atMs === atMs) states.pop();
    states.push({ atMs, boxes });
    if (untilMs < fromMs + durationMs) states.push({ atMs: untilMs - fromMs, boxes: [] });
  }
  return states;
}

function holdOf(looks: readonly number[]): number {
  const gaps = looks.slice(1).map((look, index) => look - (looks[index] ?? look));
  return Math.min(LONGEST_HOLD_MS, ...(gaps.length > 0 ? gaps : [USUAL_STEP_MS]));
}

type Piece<Box> = { startMs: number; durationMs: number; states: BoxState<Box>[] };

/** Cuts a part into pieces with at most so many states each, at moments at which a state begins; their moments count from the piece. */
export function splitByStates<Box>(states: readonly BoxState<Box>[], durationMs: number, most: number): Piece<Box>[] {
  const pieces: Piece<Box>[] = [];
  for (let first = 0; first < Math.max(1, states.length); first += most) {
    const startMs = first === 0 ? 0 : (states[first]?.atMs ?? 0);
    const own = states.slice(first, first + most).map(({ atMs, boxes }) => ({ atMs: atMs - startMs, boxes }));
    pieces.push({ startMs, durationMs: (states[first + most]?.atMs ?? durationMs) - startMs, states: own });
  }
  return pieces;
}
