import type { CapturedAtSource, TimeConfidence } from '../enums.ts';
import {
  checkPlausible,
  type DecidedSource,
  decideSource,
  embeddedToCompare,
  type TimeLimits,
  type TimeWarning,
  warnOfDisagreement,
} from './capture-checks.ts';
import { CAPTURE_SOURCES, type FileTimes, knownDurationMs, namedEndMs, readNameSource, type SourceOutcome } from './capture-sources.ts';
import { type CaptureTrail, traceCaptureTime } from './capture-trail.ts';
import type { TemplateMatch, TimeTemplate } from './template.ts';

export type CaptureTimeInput = FileTimes & TimeLimits & { explain?: boolean };

/** What the name said, also when another source won. */
export type NamedFacts = {
  /** Layout of the template that matched. */
  preset?: string;
  /** Path parts, from the right, which that template covers. */
  templateDepth?: number;
  /** What its `{camera}` stood for. */
  cameraName?: string;
};

/** When a file was recorded, in ms since 1970 UTC. */
export type CaptureTime = NamedFacts & {
  startMs: number;
  endMs: number;
  source: CapturedAtSource;
  confidence: TimeConfidence;
  /** The local time occurs twice and nothing about this file alone decides which is meant; `startMs` is the earlier. */
  ambiguous: boolean;
  /** Both readings while `ambiguous`, for `resolveFold`. */
  foldCandidates?: readonly [early: number, late: number];
  /** Zone the wall clock was read in; `UTC` where the source was absolute. */
  zone: string;
  moving: boolean;
  /** The name and the embedded time differ by more than `disagreeMs`. */
  sourcesDisagree: boolean;
  warnings: readonly TimeWarning[];
  trail?: CaptureTrail;
};

export type CaptureTimeFailure = NamedFacts & {
  /** `flag_rejected` is a usage error: a time the user gave is never replaced by another source. */
  failure: 'time_unknown' | 'flag_rejected';
  message: string;
  warnings: readonly TimeWarning[];
  trail?: CaptureTrail;
};

type Choice = {
  chosen?: DecidedSource;
  flagComplaint?: string;
  warnings: TimeWarning[];
};

/** Decides when a file was recorded (§1.1–1.4; the neighbours of a repeated hour come later, by `resolveFold`). */
export function captureTime(input: CaptureTimeInput): CaptureTime | CaptureTimeFailure {
  const named = readNameSource(input);
  const match = named.match;
  const { chosen, flagComplaint, warnings } = chooseSource(input, named);
  const facts = { ...(match && factsOf(match)), ...(input.explain === true && { trail: traceCaptureTime(input) }) };
  if (flagComplaint !== undefined) return { failure: 'flag_rejected', message: flagComplaint, warnings, ...facts };
  if (!chosen) {
    const message = 'no source tells a believable time; use --time, or a template for names like this';
    return { failure: 'time_unknown', message, warnings, ...facts };
  }
  const { final, disagreement } = crossCheck(input, chosen);
  return {
    ...describe(input, final),
    ...layoutFacts(match?.template),
    sourcesDisagree: disagreement !== undefined,
    warnings: [...warnings, ...(disagreement ? [disagreement] : []), ...warningsOfGap(final)],
    ...facts,
  };
}

/** The first source whose time can be true. */
function chooseSource(input: CaptureTimeInput, named: SourceOutcome): Choice {
  const choice: Choice = { warnings: [] };
  for (const read of CAPTURE_SOURCES) {
    const found = read === readNameSource ? named : read(input);
    if ('absent' in found) continue;
    const source = decideSource(input, found);
    const complaint = checkPlausible(source.decided.startMs, input);
    if (!complaint) return { ...choice, chosen: source };
    if (found.source === 'flag') return { ...choice, flagComplaint: `--time: ${complaint.message}` };
    choice.warnings.push({ code: complaint.code, message: `${found.source}: ${complaint.message}` });
  }
  return choice;
}

/** Holds a name against the embedded time. The name stays, unless its layout says that the container knows better. */
function crossCheck(input: CaptureTimeInput, chosen: DecidedSource): { final: DecidedSource; disagreement?: TimeWarning } {
  const template = chosen.found.match?.template;
  const embedded = template && embeddedToCompare(input, input);
  if (!embedded) return { final: chosen };
  const disagreement = warnOfDisagreement(input, chosen, embedded);
  const differenceMs = Math.abs(embedded.decided.startMs - chosen.decided.startMs);
  const containerWins = embedded.found.source === 'container' && differenceMs > (template.containerWinsBeyondMs ?? Infinity);
  return { final: containerWins ? embedded : chosen, ...(disagreement && { disagreement }) };
}

type Described = Pick<CaptureTime, 'startMs' | 'endMs' | 'source' | 'confidence' | 'ambiguous' | 'foldCandidates' | 'zone'>;

function describe(input: CaptureTimeInput, { found, decided }: DecidedSource): Described {
  const { startMs, candidates } = decided;
  const durationMs = knownDurationMs(input);
  const endMs = durationMs === undefined ? namedEndMs(found, input, startMs) : startMs + durationMs;
  return {
    startMs,
    endMs: endMs ?? startMs,
    source: found.source,
    confidence: found.confidence,
    ambiguous: candidates !== undefined,
    ...(candidates && { foldCandidates: candidates }),
    zone: found.zone,
  };
}

/** What a layout says whichever source won. */
function layoutFacts(template: TimeTemplate | undefined): Pick<CaptureTime, 'moving'> & Partial<Pick<CaptureTime, 'confidence'>> {
  return { moving: template?.moving ?? false, ...(template?.untimed === true && { confidence: 'low' }) };
}

function warningsOfGap({ found }: DecidedSource): TimeWarning[] {
  if (found.reading.kind !== 'gap') return [];
  return [{ code: 'time_in_gap', message: `the clocks of ${found.zone} skip this hour; read as if they had not yet moved` }];
}

function factsOf(match: TemplateMatch): NamedFacts {
  return {
    preset: match.template.layout,
    templateDepth: match.depth,
    ...(match.camera !== undefined && { cameraName: match.camera }),
  };
}
