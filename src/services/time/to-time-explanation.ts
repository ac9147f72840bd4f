import { captureTime, type CaptureTime, type CaptureTimeFailure, type CaptureTimeInput } from '../../domain/time/capture-time.ts';
import { showInstant } from '../../domain/time/capture-checks.ts';
import type { TriedSource } from '../../domain/time/capture-trail.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { ExplainedSource, TimeDecision, TimeExplanation } from '../../domain/time/time-explanation.ts';

type WhatIsKnown = Pick<TimeExplanation, 'path' | 'camera' | 'unreadable'>;

/** Decides the capture time of a file as `hs ingest` would, keeping every step. */
export function toTimeExplanation(input: CaptureTimeInput, known: WhatIsKnown): TimeExplanation {
  const capture = captureTime({ ...input, explain: true });
  const trail = capture.trail ?? { sources: [], templates: [] };
  const chosen = 'failure' in capture ? undefined : capture.source;
  return {
    ...known,
    relative_path: input.relativePath,
    media_type: input.mediaType,
    ...(input.durationMs !== undefined && { duration_ms: input.durationMs }),
    zone: input.zone,
    clock_offset_s: input.clockOffsetS ?? 0,
    ...(capture.preset !== undefined && { layout: capture.preset }),
    ...outcomeOf(capture, input.zone),
    warnings: [...capture.warnings],
    sources: trail.sources.map((tried) => toExplainedSource(tried, tried.source === chosen)),
    templates: trail.templates,
  };
}

function outcomeOf(capture: CaptureTime | CaptureTimeFailure, zone: string): Pick<TimeExplanation, 'decision' | 'failure'> {
  if ('failure' in capture) return { failure: { code: capture.failure, message: capture.message } };
  const { startMs, endMs, source, confidence, ambiguous, moving } = capture;
  const decision: TimeDecision = {
    start: new Date(startMs).toISOString(),
    start_local: formatLocal(startMs, zone),
    end: new Date(endMs).toISOString(),
    end_local: formatLocal(endMs, zone),
    source,
    confidence,
    read_in_zone: capture.zone,
    ambiguous,
    moving,
  };
  return { decision };
}

function toExplainedSource(tried: TriedSource, chosen: boolean): ExplainedSource {
  const { source, startMs, candidatesMs, ...rest } = tried;
  return {
    source,
    chosen,
    ...(startMs !== undefined && { start: showInstant(startMs) }),
    ...(candidatesMs && { other_reading: showInstant(candidatesMs[1]) }),
    ...rest,
  };
}
