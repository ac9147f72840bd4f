import type { SceneChangeType } from '../enums.ts';
import { BY_SEVERITY } from './judge-scene.ts';
import type { SceneReason, SceneVerdict } from './judge-scene.ts';

/** Checks in a row that found a change; only what a finding needs is kept, however many they are. */
export type SceneRun = {
  firstMs: number;
  firstPath: string;
  lastMs: number;
  checks: number;
  counts: Partial<Record<SceneChangeType, number>>;
  /** Reason of the worst check so far, the first of its like. */
  worst: { type: SceneChangeType; reason: SceneReason | null };
  lowestSimilarity: number;
};

/** A row of `scene_changes`. */
export type SceneFinding = {
  detectedAtMs: number;
  changeType: SceneChangeType;
  similarity: number;
  reason: SceneReason | null;
  filePath: string;
};

export type ChangedCheck = { atMs: number; filePath: string; type: SceneChangeType } & Omit<SceneVerdict, 'type'>;

export function extendRun(run: SceneRun | null, check: ChangedCheck): SceneRun {
  const { atMs, filePath, type, reason, similarity } = check;
  if (!run) {
    const counts = { [type]: 1 };
    return { firstMs: atMs, firstPath: filePath, lastMs: atMs, checks: 1, counts, worst: { type, reason }, lowestSimilarity: similarity };
  }
  return {
    ...run,
    lastMs: atMs,
    checks: run.checks + 1,
    counts: { ...run.counts, [type]: (run.counts[type] ?? 0) + 1 },
    worst: BY_SEVERITY.indexOf(type) > BY_SEVERITY.indexOf(run.worst.type) ? { type, reason } : run.worst,
    lowestSimilarity: Math.min(run.lowestSimilarity, similarity),
  };
}

/** The finding a run makes: since its first check, of its median type, of an even number the milder of the middle two. */
export function findingOf(run: SceneRun): SceneFinding {
  return {
    detectedAtMs: run.firstMs,
    changeType: medianType(run),
    similarity: run.lowestSimilarity,
    reason: run.worst.reason,
    filePath: run.firstPath,
  };
}

function medianType({ counts, checks }: SceneRun): SceneChangeType {
  let left = Math.ceil(checks / 2);
  for (const type of BY_SEVERITY) {
    left -= counts[type] ?? 0;
    if (left <= 0) return type;
  }
  return 'unknown';
}
