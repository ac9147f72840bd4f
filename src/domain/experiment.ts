import type { ExperimentArm, FeedbackType, Severity } from './enums.ts';

export type ScorePair = { v1_risk_score: number; v2_risk_score: number };
export type LatencyPair = { v1_latency_ms: number; v2_latency_ms: number };

export function scoreDiff(pair: ScorePair): number {
  return Math.abs(pair.v1_risk_score - pair.v2_risk_score);
}

/** Positive when the second variant is slower. */
export function latencyDiffMs(pair: LatencyPair): number {
  return pair.v2_latency_ms - pair.v1_latency_ms;
}

/** In percent of the first variant; from nothing to something counts as 100. */
export function latencyIncreasePct(pair: LatencyPair): number {
  if (pair.v1_latency_ms === 0) return pair.v2_latency_ms === 0 ? 0 : 100;
  return (latencyDiffMs(pair) / pair.v1_latency_ms) * 100;
}

/** `unit`: a number from 0 to 1 that belongs to the event. */
export function armOf(unit: number, split: number): ExperimentArm {
  return unit < split ? 'treatment' : 'control';
}

/** A score by the control and one by the treatment for the same event. */
export type LeveledPair = ScorePair & { v1_risk_level: Severity | null; v2_risk_level: Severity | null };

export type PairFigures = {
  pairs: number;
  /** Treatment less control. */
  mean_diff: number | null;
  mean_abs_diff: number | null;
  rms_diff: number | null;
  /** Pearson's, of the scores of both; null below three pairs and where one side never changes. */
  correlation: number | null;
  same_level: number;
};

export function pairFigures(pairs: readonly LeveledPair[]): PairFigures {
  const [control, treatment] = [pairs.map((pair) => pair.v1_risk_score), pairs.map((pair) => pair.v2_risk_score)];
  const diffs = pairs.map((pair) => pair.v2_risk_score - pair.v1_risk_score);
  const square = mean(diffs.map((diff) => diff * diff));
  return {
    pairs: pairs.length,
    mean_diff: mean(diffs),
    mean_abs_diff: mean(diffs.map(Math.abs)),
    rms_diff: square === null ? null : Math.sqrt(square),
    correlation: correlation(control, treatment),
    same_level: pairs.filter((pair) => pair.v1_risk_level === pair.v2_risk_level).length,
  };
}

const FEWEST_FOR_CORRELATION = 3;

function correlation(xs: readonly number[], ys: readonly number[]): number | null {
  const [meanX, meanY] = [mean(xs), mean(ys)];
  if (meanX === null || meanY === null || xs.length < FEWEST_FOR_CORRELATION) return null;
  const sum = (of: (x: number, y: number) => number): number =>
    xs.reduce((total, x, index) => total + of(x - meanX, (ys[index] ?? 0) - meanY), 0);
  const spread = Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
  return spread === 0 ? null : sum((x, y) => x * y) / spread;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;
}

/** The smallest value that so large a share of all is not above; null without any. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

export type StopFigures = {
  /** Events that both versions have been tried on; where each event has one version, those of the version with fewer. */
  compared: number;
  latencyRatio: number | null;
  rmsDiff: number | null;
  /** Share of invalid answers of the treatment less that of the control. */
  invalidRise: number | null;
};

const FEWEST_FOR_ADVICE = 100;
const LATENCY_RATIO = 1.5;
const RMS_DIFF = 15;
const INVALID_RISE = 0.05;

/** Why an experiment should be stopped; nothing stops it by itself. */
export function stopAdvice({ compared, latencyRatio, rmsDiff, invalidRise }: StopFigures): string[] {
  if (compared < FEWEST_FOR_ADVICE) return [];
  return [
    ...((latencyRatio ?? 0) > LATENCY_RATIO ? ['the treatment takes more than 1.5 times as long'] : []),
    ...((rmsDiff ?? 0) > RMS_DIFF ? ['scores differ by more than 15 (root mean square)'] : []),
    ...((invalidRise ?? 0) > INVALID_RISE ? ['the share of invalid answers rises by more than 5 points'] : []),
  ];
}

export type Feedback = { feedback_type: FeedbackType; expected_severity: Severity | null };

/** Whether a level is what a user said about the event; `storedLevel` is what the user saw. Null: nothing can be said. */
export function agreesWithFeedback(
  { feedback_type: type, expected_severity: expected }: Feedback,
  level: Severity | null,
  storedLevel: Severity | null,
): boolean | null {
  if (level === null) return null;
  switch (type) {
    case 'correct':
      return storedLevel === null ? null : level === storedLevel;
    case 'false_positive':
      return level === 'low';
    case 'missed_threat':
      return level === 'high' || level === 'critical';
    case 'severity_wrong':
      return expected === null ? null : level === expected;
  }
}
