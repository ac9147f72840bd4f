import { type FileTimes, readEmbeddedSource, readModifiedSource, type SourceOutcome, type SourceReading } from './capture-sources.ts';
import { offsetMsAt } from './local-time.ts';
import { type DecidedReading, decideReading } from './reading.ts';

export type TimeLimits = {
  nowMs: number;
  /** Earlier starts are refused; never before 1990, whatever is asked for. */
  floorMs?: number | undefined;
  maxFutureMs?: number | undefined;
  disagreeMs?: number | undefined;
};

export type TimeWarningCode = 'future' | 'too_old' | 'time_disagrees' | 'time_in_gap';

export type TimeWarning = { code: TimeWarningCode; message: string };

/** A source together with the one moment it means. */
export type DecidedSource = { found: SourceReading; decided: DecidedReading };

const EARLIEST_MS = Date.UTC(1990, 0, 1);
const MAX_FUTURE_MS = 86_400_000;
const DISAGREE_MS = 120_000;
/** How well a difference must fit the zone's offset to be called one. */
const OFFSET_FIT_MS = 2_000;

/** Decides a repeated hour by the name's marker, then by real UTC in the file or its modification time. */
export function decideSource(file: FileTimes, found: SourceReading): DecidedSource {
  if (found.reading.kind !== 'fold') return { found, decided: decideReading(found.reading, { startsMs: [] }) };
  const outcomes = [readEmbeddedSource(file), readModifiedSource(file)];
  const startsMs = outcomes.flatMap((outcome) => utcOf(outcome) ?? []);
  const summerTime = found.match?.summerTime ?? false;
  return { found, decided: decideReading(found.reading, { summerTime, startsMs }) };
}

/** Why a start cannot be true; undefined when it can. */
export function checkPlausible(startMs: number, limits: TimeLimits): TimeWarning | undefined {
  const floorMs = Math.max(EARLIEST_MS, limits.floorMs ?? EARLIEST_MS);
  const futureMs = limits.maxFutureMs ?? MAX_FUTURE_MS;
  if (startMs > limits.nowMs + futureMs) {
    return { code: 'future', message: `${showInstant(startMs)} is more than ${showSpan(futureMs)} ahead of now` };
  }
  if (startMs >= floorMs) return undefined;
  return { code: 'too_old', message: `${showInstant(startMs)} is before ${showInstant(floorMs)}` };
}

/** The embedded time, where it is there and believable, to hold a name against. */
export function embeddedToCompare(file: FileTimes, limits: TimeLimits): DecidedSource | undefined {
  const outcome = readEmbeddedSource(file);
  if ('absent' in outcome) return undefined;
  const source = decideSource(file, outcome);
  return checkPlausible(source.decided.startMs, limits) ? undefined : source;
}

/** The warning for a name and an embedded time that are further apart than allowed. */
export function warnOfDisagreement(file: FileTimes & TimeLimits, name: DecidedSource, embedded: DecidedSource): TimeWarning | undefined {
  const nameMs = name.decided.startMs;
  const differenceMs = embedded.decided.startMs - nameMs;
  if (Math.abs(differenceMs) <= (file.disagreeMs ?? DISAGREE_MS)) return undefined;
  const direction = differenceMs < 0 ? 'earlier' : 'later';
  const message = `${embedded.found.source} time is ${showSpan(Math.abs(differenceMs))} ${direction} than the name's`;
  const offsetMs = offsetMsAt(nameMs, file.zone);
  const isOffset = offsetMs !== 0 && Math.abs(differenceMs - offsetMs) <= OFFSET_FIT_MS;
  const canBeLocal = embedded.found.source === 'container' && embedded.found.zone === 'UTC' && file.embedded?.hasOffset !== true;
  if (!isOffset || !canBeLocal) return { code: 'time_disagrees', message };
  return {
    code: 'time_disagrees',
    message: `${message}, just the zone's offset; set container_time: local if the camera writes local time there`,
  };
}

/** `90 s`, `1800.5 s`. */
function showSpan(ms: number): string {
  return `${String(ms / 1000)} s`;
}

/** ISO in UTC; a plain number of ms beyond what a date can hold. */
export function showInstant(utcMs: number): string {
  const date = new Date(utcMs);
  return Number.isNaN(date.getTime()) ? `${String(utcMs)} ms` : date.toISOString();
}

function utcOf(outcome: SourceOutcome): number | undefined {
  return 'absent' in outcome || outcome.zone !== 'UTC' || outcome.reading.kind === 'fold' ? undefined : outcome.reading.utcMs;
}
