import type { LocalReading } from './local-time.ts';

/** Moves a reading, both candidates of a fold alike. */
export function shiftReading(reading: LocalReading, byMs: number): LocalReading {
  if (byMs === 0) return reading;
  if (reading.kind === 'fold') {
    return { kind: 'fold', earlyMs: reading.earlyMs + byMs, lateMs: reading.lateMs + byMs };
  }
  return { ...reading, utcMs: reading.utcMs + byMs };
}

/** A moment from real UTC near which the recording started. */
type FoldHints = {
  /** The name says that summer time was in force. */
  summerTime?: boolean;
  /** Starts according to clocks that know UTC, the most trusted first. */
  startsMs: readonly number[];
};

export type DecidedReading = { startMs: number; candidates?: readonly [early: number, late: number] };

/** A hint speaks for a candidate that is this near. */
const HINT_REACH_MS = 900_000;

/** Decides a repeated hour by what is known of this file alone; `candidates` remain where that does not answer. */
export function decideReading(reading: LocalReading, hints: FoldHints): DecidedReading {
  if (reading.kind !== 'fold') return { startMs: reading.utcMs };
  const { earlyMs, lateMs } = reading;
  // Clocks are set back when summer time ends, so the earlier of the two readings is the one in summer time.
  if (hints.summerTime === true) return { startMs: earlyMs };
  for (const hintMs of hints.startsMs) {
    const nearEarly = Math.abs(earlyMs - hintMs) <= HINT_REACH_MS;
    const nearLate = Math.abs(lateMs - hintMs) <= HINT_REACH_MS;
    if (nearEarly !== nearLate) return { startMs: nearEarly ? earlyMs : lateMs };
  }
  return { startMs: earlyMs, candidates: [earlyMs, lateMs] };
}
