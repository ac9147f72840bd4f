/** Whether the self-evaluation came to an overall score. */
export function isFullyEvaluated(audit: { overall_quality_score: number | null }): boolean {
  return audit.overall_quality_score !== null;
}
