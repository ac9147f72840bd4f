const AFTER_MOTION_MS = 2_000;
const HOLD_MS = 1_000;
const LONG_HOLD_MS = 10_000;
const LONG_HOLD_AFTER_MS = 180_000;
const HEARTBEAT_MS = 60_000;

/** Why a sampled frame goes to the detector; `none` when it does not. */
export type GateReason = 'first' | 'lighting_jump' | 'motion' | 'after_motion' | 'hold' | 'heartbeat' | 'none';

/** One sampled frame; offset from the file's start in ms. */
export type GateSample = { offsetMs: number; motion: boolean; lightingJump: boolean };

/** Decides frame by frame, in order of time, for one file. `analysed` tells it what the detector found before the next `decide`. */
export type AnalysisGate = {
  decide(sample: GateSample): { analyse: boolean; reason: GateReason };
  analysed(offsetMs: number, hadGatedPerson: boolean): void;
};

type GateState = {
  firstOffsetMs?: number;
  lastMotionMs?: number;
  lastAnalysed?: { offsetMs: number; hadGatedPerson: boolean };
};

export function createAnalysisGate(): AnalysisGate {
  const state: GateState = {};
  return {
    decide(sample) {
      const reason = reasonFor(state, sample);
      state.firstOffsetMs ??= sample.offsetMs;
      if (sample.motion) state.lastMotionMs = sample.offsetMs;
      return { analyse: reason !== 'none', reason };
    },
    analysed(offsetMs, hadGatedPerson) {
      state.lastAnalysed = { offsetMs, hadGatedPerson };
    },
  };
}

function reasonFor(state: GateState, sample: GateSample): GateReason {
  if (state.firstOffsetMs === undefined) return 'first';
  if (sample.lightingJump) return 'lighting_jump';
  if (sample.motion) return 'motion';
  if (state.lastMotionMs !== undefined && sample.offsetMs - state.lastMotionMs <= AFTER_MOTION_MS) return 'after_motion';
  return reasonByPause(state, sample.offsetMs);
}

function reasonByPause(state: GateState, offsetMs: number): GateReason {
  // Without a report on the first frame the pause counts from that frame.
  const { offsetMs: lastMs, hadGatedPerson } = state.lastAnalysed ?? {
    offsetMs: state.firstOffsetMs ?? offsetMs,
    hadGatedPerson: false,
  };
  const pauseMs = offsetMs - lastMs;
  if (hadGatedPerson && pauseMs >= holdMs(state, offsetMs)) return 'hold';
  return pauseMs >= HEARTBEAT_MS ? 'heartbeat' : 'none';
}

/** A file without motion so far counts as still since its first sample. */
function holdMs(state: GateState, offsetMs: number): number {
  const stillSinceMs = state.lastMotionMs ?? state.firstOffsetMs ?? offsetMs;
  return offsetMs - stillSinceMs >= LONG_HOLD_AFTER_MS ? LONG_HOLD_MS : HOLD_MS;
}
