import { riskLevel, type RiskThresholds } from './risk-level.ts';

const HIGHEST_SCORE = 100;

/** What each score means, for the database to compare with: the mapping itself stays in one place. */
export function levelTable(thresholds?: RiskThresholds): { scores: number[]; levels: string[] } {
  const scores = Array.from({ length: HIGHEST_SCORE + 1 }, (_, score) => score);
  return { scores, levels: scores.map((score) => riskLevel(score, thresholds)) };
}
