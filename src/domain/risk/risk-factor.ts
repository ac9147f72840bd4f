/** Parts of a rule score, in the order they are told. `limit` brings a sum back to 0 or 100. */
export const RISK_FACTORS = [
  'class',
  'time',
  'zone',
  'dwell',
  'identity',
  'schedule',
  'familiar',
  'companion',
  'group',
  'baseline',
  'cameras',
  'evidence',
  'scene',
  'calibration',
  'limit',
  'threat',
] as const;

/** What added to a score or took from it, and the sentence that says so. */
export type RiskFactor = { id: (typeof RISK_FACTORS)[number]; points: number; sentence: string };

export function sumOf(factors: readonly RiskFactor[]): number {
  return factors.reduce((sum, { points }) => sum + points, 0);
}
