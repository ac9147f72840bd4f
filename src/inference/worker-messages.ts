import type { ErrorNote } from './worker-error.ts';

/** What a parent tells its worker. */
export type ToWorker = { kind: 'start'; init: unknown } | { kind: 'task'; id: number; task: unknown } | { kind: 'drain' };

/** What a worker tells its parent. `fatal` is an error outside any task: the worker ends after it. */
export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'start-failed'; error: ErrorNote }
  | { kind: 'note'; id: number; note: unknown }
  | { kind: 'done'; id: number; result: unknown }
  | { kind: 'failed'; id: number; error: ErrorNote }
  | { kind: 'fatal'; error: ErrorNote };
