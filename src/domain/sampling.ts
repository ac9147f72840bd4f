/** How frames of a file are chosen. `motion` and `fps` choose alike; with `motion` only frames that pass the analysis gate reach the detector. */
export type SamplePlan =
  | { mode: 'still' }
  | { mode: 'motion'; fps: number }
  | { mode: 'fps'; fps: number }
  | { mode: 'every'; seconds: number }
  | { mode: 'keyframes' }
  | { mode: 'all' }
  /** Exactly these frames, known by their presentation offsets. */
  | { mode: 'at'; offsetsMs: readonly number[] };

export const DEFAULT_SAMPLE_FPS = 2;
const MAX_SAMPLE_FPS = 60;
const FIRST_OFFSET_MS = 500;
const SHORT_FILE_SHARE = 0.1;
const KEYFRAME_GAP_MS = 200;

/** `motion`, `fps=2`, `every=10s` or `keyframes`; undefined when the text is none of them or its number is out of range. `motionFps` is the rate of `motion`. */
export function parseSampleMode(text: string, motionFps = DEFAULT_SAMPLE_FPS): SamplePlan | undefined {
  const wanted = text.trim().toLowerCase();
  if (wanted === 'keyframes') return { mode: 'keyframes' };
  if (wanted === 'motion') return toFpsPlan('motion', motionFps);
  const [, fps] = /^fps=(\d+(?:\.\d+)?)$/.exec(wanted) ?? [];
  if (fps !== undefined) return toFpsPlan('fps', Number(fps));
  const [, seconds] = /^every=(\d+(?:\.\d+)?)s?$/.exec(wanted) ?? [];
  return Number(seconds) > 0 ? { mode: 'every', seconds: Number(seconds) } : undefined;
}

function toFpsPlan(mode: 'motion' | 'fps', fps: number): SamplePlan | undefined {
  return fps > 0 && fps <= MAX_SAMPLE_FPS ? { mode, fps } : undefined;
}

/** Wanted offsets from the file's start in whole ms; undefined for key frames and for all frames, whose places only the file knows. */
export function sampleOffsetsMs(plan: SamplePlan, durationMs: number): number[] | undefined {
  if (plan.mode === 'keyframes' || plan.mode === 'all') return undefined;
  if (plan.mode === 'at') return [...plan.offsetsMs];
  if (plan.mode === 'still') return [0];
  if (durationMs <= FIRST_OFFSET_MS) return [shortFileOffsetMs(durationMs)];
  const offsets: number[] = [];
  const stepMs = stepOf(plan);
  for (let slot = 0; slotOffsetMs(slot, stepMs) < durationMs; slot += 1) offsets.push(slotOffsetMs(slot, stepMs));
  return offsets;
}

/**
 * The slot whose wanted offset is the last one at or before `offsetMs`, -1 before the first.
 * The first frame of each new slot is the sample, so one frame never serves two offsets.
 */
export function sampleBucket(plan: SamplePlan, offsetMs: number, durationMs?: number): number {
  if (plan.mode === 'still' || plan.mode === 'keyframes' || plan.mode === 'all') return 0;
  if (plan.mode === 'at') return plan.offsetsMs.findLastIndex((wanted) => wanted <= offsetMs);
  if (durationMs !== undefined && durationMs <= FIRST_OFFSET_MS) {
    return offsetMs >= shortFileOffsetMs(durationMs) ? 0 : -1;
  }
  const stepMs = stepOf(plan);
  const slot = slotAt(offsetMs, stepMs);
  return durationMs === undefined ? slot : Math.min(slot, slotAt(Math.ceil(durationMs) - 1, stepMs));
}

/** Says of each decoded frame, in order of time, whether it is a sample. For `keyframes` pass key frames only. */
export function createSampleSelector(plan: SamplePlan, durationMs?: number): (offsetMs: number) => boolean {
  let lastSlot = -1;
  let lastOffsetMs = -Infinity;
  if (plan.mode === 'all') return () => true;
  return (offsetMs) => {
    const slot = sampleBucket(plan, offsetMs, durationMs);
    const wanted = plan.mode === 'keyframes' ? offsetMs - lastOffsetMs >= KEYFRAME_GAP_MS : slot > lastSlot;
    if (!wanted) return false;
    lastSlot = slot;
    lastOffsetMs = offsetMs;
    return true;
  };
}

/** Pause between two wanted offsets; undefined where the file, or a list, says which frames are looked at. */
export function sampleStepMs(plan: SamplePlan): number | undefined {
  return 'fps' in plan || plan.mode === 'every' ? stepOf(plan) : undefined;
}

function stepOf(plan: Extract<SamplePlan, { fps: number } | { seconds: number }>): number {
  return plan.mode === 'every' ? plan.seconds * 1000 : 1000 / plan.fps;
}

function slotOffsetMs(slot: number, stepMs: number): number {
  return Math.round(FIRST_OFFSET_MS + slot * stepMs);
}

function shortFileOffsetMs(durationMs: number): number {
  return Math.round(Math.max(0, durationMs) * SHORT_FILE_SHARE);
}

function slotAt(offsetMs: number, stepMs: number): number {
  if (offsetMs < FIRST_OFFSET_MS) return -1;
  const slot = Math.floor((offsetMs - FIRST_OFFSET_MS) / stepMs);
  // Offsets are rounded to whole ms, so the next slot may already have begun.
  return slotOffsetMs(slot + 1, stepMs) <= offsetMs ? slot + 1 : slot;
}
