import { cutFile } from '../../domain/file-parts.ts';
import type { CostSample } from '../../domain/plan/estimate-work.ts';
import { present } from '../../lib/present.ts';
import type { SeenFile } from '../ingest/scan/scan-context.ts';
import { createAnalysisPool } from '../ingest/process/analysis-pool.ts';
import type { AnalysisNote, AnalysisSettings, AnalysisTask, FileToAnalyse, TaskSummary } from '../ingest/worker/analysis-task.ts';
import { unitsOf, workKey } from './plan-book.ts';

export type ProbeOptions = {
  settings: AnalysisSettings;
  files: readonly SeenFile[];
  /** So long files are analysed; the one at work then is given up. */
  budgetMs: number;
  signal: AbortSignal;
};

/**
 * Analyses files, as an ingest would, in one process and keeps nothing of it but how long each took and how much it showed; of a long video a part
 * from the middle. The first file warms the process up and counts only when it is the only one.
 */
export async function probeFiles({ settings, files, budgetMs, signal }: ProbeOptions): Promise<CostSample[]> {
  if (files.length === 0 || budgetMs <= 0) return [];
  const pool = createAnalysisPool({ workers: 1, settings });
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
      const task = toTask(toFile(seen, index + 1), settings);
      const summary = await pool.run(task, { signal: stop, onProgress }).catch(() => undefined);
      samples.push(...ofPart(seen, task, summary));
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

function toTask(file: FileToAnalyse, settings: AnalysisSettings): AnalysisTask {
  const parts = cutFile(file, settings);
  const part = parts[Math.floor(parts.length / 2)];
  return { files: [file], before: [], ...present({ part }) };
}

function ofPart(seen: SeenFile, { part }: AnalysisTask, summary: TaskSummary | undefined): CostSample[] {
  const found = summary?.part;
  if (part === undefined || found?.outcome !== 'read') return [];
  const units = (part.untilMs - part.fromMs) / 1000;
  return [{ key: workKey(seen), kind: 'video', units, analysisMs: found.analysisMs, detections: found.record.detections.length }];
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
