import type { CapturedAtSource, TimeConfidence } from '../enums.ts';
import { checkPlausible, decideSource, type TimeLimits } from './capture-checks.ts';
import { CAPTURE_SOURCES, type FileTimes, type SourceOutcome } from './capture-sources.ts';
import { matchTemplate } from './template.ts';

export type TriedTemplate = { layout: string; template: string; matched: boolean };

export type TriedSource = {
  source: CapturedAtSource;
  /** Start in ms since 1970 UTC; of a repeated hour the reading that was taken. */
  startMs?: number;
  candidatesMs?: readonly [early: number, late: number];
  zone?: string;
  confidence?: TimeConfidence;
  template?: string;
  /** Why the source gave no time, or one that cannot be. */
  rejected?: string;
};

/** Everything that was or could have been asked, for `hs time explain`. */
export type CaptureTrail = { templates: TriedTemplate[]; sources: TriedSource[] };

export function traceCaptureTime(input: FileTimes & TimeLimits): CaptureTrail {
  return {
    templates: input.templates.map((template) => ({
      layout: template.layout,
      template: template.text,
      matched: matchTemplate(template, input.relativePath) !== undefined,
    })),
    sources: CAPTURE_SOURCES.map((read) => traceSource(read(input), input)),
  };
}

function traceSource(outcome: SourceOutcome, input: FileTimes & TimeLimits): TriedSource {
  const template = outcome.match && { template: outcome.match.template.text };
  if ('absent' in outcome) return { source: outcome.source, rejected: outcome.absent, ...template };
  const { decided } = decideSource(input, outcome);
  const check = checkPlausible(decided.startMs, input);
  return {
    source: outcome.source,
    startMs: decided.startMs,
    ...(decided.candidates && { candidatesMs: decided.candidates }),
    zone: outcome.zone,
    confidence: outcome.confidence,
    ...template,
    ...(check && { rejected: `${check.code}: ${check.message}` }),
  };
}
