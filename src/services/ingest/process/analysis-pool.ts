import { memoryWith } from '../../../inference/worker-limits.ts';
import { createWorkerPool, type WorkerPool } from '../../../inference/worker-pool.ts';
import type { AnalysisSettings, AnalysisTask, TaskSummary } from '../worker/analysis-task.ts';
import { withLocalFiles } from './local-task.ts';

export type AnalysisPool = WorkerPool<AnalysisTask, TaskSummary>;

/** Longest silence of a worker: a frame of a huge picture on a slow machine takes seconds, not minutes. */
const SILENCE_MS = 120_000;

/** So many workers may be lost before the first file of a task is even begun. */
export const LOST_STARTS = 5;

/** No worker can work, or the pool is closed: not the fault of any file. */
export const FATAL_CODES: ReadonlySet<string> = new Set(['worker_unavailable', 'closed']);

/** Processes that look at footage, each with one thread and the model loaded once. */
export function createAnalysisPool({ workers, settings }: { workers: number; settings: AnalysisSettings }): AnalysisPool {
  const pool = createWorkerPool<AnalysisTask, TaskSummary>({
    entry: new URL(import.meta.url.endsWith('.ts') ? '../worker/analyse-worker.ts' : '../worker/analyse-worker.js', import.meta.url),
    size: workers,
    init: settings,
    taskTimeoutMs: SILENCE_MS,
    limits: { memoryBytes: memoryWith(settings.model === undefined ? [] : [settings.model]) },
  });
  return { ...pool, run: (task, options) => withLocalFiles(task, (local) => pool.run(local, options)) };
}
