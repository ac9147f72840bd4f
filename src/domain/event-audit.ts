/** Stages that may contribute to the analysis of an event, as stored (§10.8); `has_yolo26` is object detection, whichever detector ran. */
export const AUDIT_FLAGS = [
  'has_yolo26',
  'has_florence',
  'has_clip',
  'has_violence',
  'has_clothing',
  'has_vehicle',
  'has_pet',
  'has_weather',
  'has_image_quality',
  'has_zones',
  'has_baseline',
  'has_cross_camera',
] as const;
export type AuditFlag = (typeof AUDIT_FLAGS)[number];

/** Ways of evaluating how an event was judged (§10.8), in the order they are done. */
export const EVALUATION_MODES = ['critique', 'rubric', 'consistency', 'advice'] as const;
export type EvaluationMode = (typeof EVALUATION_MODES)[number];

/** Whether the self-evaluation came to an overall score. */
export function isFullyEvaluated(audit: { overall_quality_score: number | null }): boolean {
  return audit.overall_quality_score !== null;
}

const BEST = 5;
const WORST = 1;

/** A difference of so many points costs one of the score's. */
const POINTS = 5;

/** How well a second score of the same facts agrees with the first: `diff` is second − first, `score` 5 for the same, at least 1. */
export function consistency(first: number, second: number): { diff: number; score: number } {
  const diff = second - first;
  return { diff, score: Math.max(WORST, BEST - Math.abs(diff) / POINTS) };
}

/** Mean of the scores that there are; null without any. */
export function overallQuality(scores: readonly (number | null | undefined)[]): number | null {
  const given = scores.filter((score) => score !== null && score !== undefined);
  return given.length === 0 ? null : given.reduce((sum, score) => sum + score, 0) / given.length;
}
