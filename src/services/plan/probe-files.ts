import type { CostSample } from '../../domain/plan/estimate-work.ts';
import { createWorkerPool } from '../../inference/worker-pool.ts';
import { present } from '../../lib/present.ts';
import type { SeenFile } from '../ingest/scan/scan-context.ts';
import type { AnalysisNote, AnalysisSettings, AnalysisTask, FileToAnalyse, TaskSummary } from '../ingest/worker/analysis-task.ts';
import { unitsOf, workKey } from './plan-book.ts';

export type ProbeOptions = {
  settings: AnalysisSettings;
  files: readonly SeenFile[];
  /** So long files are analysed; the one at work then is given up. */
  budgetMs: number;
  signal: AbortSignal;
};

const SILENCE_MS = 120_000;

/**
 * Analyses files, as an ingest would, in one process and keeps nothing of it but how long each took and how much it showed. The first file
 * warms the process up and counts only when it is the only one.
 */
export async function probeFiles({ settings, files, budgetMs, signal }: ProbeOptions): Promise<CostSample[]> {
  if (files.length === 0 || budgetMs <= 0) return [];
  const pool = createWorkerPool<AnalysisTask, TaskSummary>({
    entry: new URL(
      import.meta.url.endsWith('.ts') ? '../ingest/worker/analyse-worker.ts' : '../ingest/worker/analyse-worker.js',
      import.meta.url,
    ),
    size: 1,
    init: settings,
    taskTimeoutMs: SILENCE_MS,
  });
  const stop = AbortSignal.any([signal, AbortSignal.timeout(budgetMs)]);
  const samples: CostSample[] = [];
  try {
    for (const [index, seen] of files.entries()) {
      if (stop.aborted) break;
      const onProgress = (note: unknown): void => {
        const sample = toSample(seen, note as AnalysisNote);
        if (sample !== undefined) samples.push(sample);
      };
      // A file that cannot be read, or for which there was no time, tells nothing.
      await pool.run({ files: [toFile(seen, index + 1)], before: [] }, { signal: stop, onProgress }).catch(() => undefined);
    }
  } finally {
    await pool.close();
  }
  signal.throwIfAborted();
  return samples.length > 1 ? samples.slice(1) : samples;
}

function toSample(seen: SeenFile, note: AnalysisNote): CostSample | undefined {
  if (note.kind !== 'file-finished' || note.analysis.status === 'failed') return undefined;
  const { mediaType: kind } = seen;
  return {
    key: workKey(seen),
    kind,
    units: unitsOf(seen) ?? 0,
    analysisMs: note.analysisMs,
    detections: note.analysis.detections.length,
  };
}

function toFile(seen: SeenFile, id: number): FileToAnalyse {
  const { path, root, mediaType, startMs = 0, durationMs, frameRate, containerFrames, width, height, codec } = seen;
  return {
    id,
    path,
    root,
    mediaType,
    startMs,
    endMs: startMs + (durationMs ?? 0),
    movingCamera: false,
    ...present({ durationMs, frameRate, containerFrames, width, height, codec }),
  };
}
