import type { ExperimentArm } from './enums.ts';

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
