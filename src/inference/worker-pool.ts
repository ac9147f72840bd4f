import { abortReason, queueTask } from './queued-task.ts';
import type { QueuedTask } from './queued-task.ts';
import { WorkerError } from './worker-error.ts';
import type { WorkerLimits } from './worker-limits.ts';
import { WorkerSlot } from './worker-slot.ts';
import type { SlotHooks } from './worker-slot.ts';

export type WorkerPoolOptions = {
  /** The worker's entry file, which calls `serveTasks`. */
  entry: URL;
  /** Number of processes. They are started when there are tasks for them. */
  size: number;
  /** Sent to every worker before its first task; must survive structured cloning. */
  init: unknown;
  /** Longest silence: a task that neither ends nor sends a note for this long is killed with its worker. */
  taskTimeoutMs: number;
  startTimeoutMs?: number;
  /** Tasks a worker holds at once, so that it never waits for the next one. Default 1. */
  tasksPerWorker?: number;
  /** By default only what every worker has: few descriptors, and no core when it crashes. */
  limits?: WorkerLimits;
  /** A worker that had nothing to do for so long is ended, and meanwhile does not keep this process alive. Default: it stays until `close`. */
  idleMs?: number;
  onProgress?: (note: unknown) => void;
};

export type RunOptions = { signal?: AbortSignal; onProgress?: (note: unknown) => void };

export type WorkerPool<Task, Result> = {
  /**
   * Resolves with the worker's result. Rejects with the worker's error (code, message and exit code kept), with WorkerError for a crash, a
   * timeout or a closed pool, or with the signal's reason: then a running task is killed with its worker.
   */
  run(task: Task, options?: RunOptions): Promise<Result>;
  /** Begins no more work: tasks that wait are rejected with code `drained`, running ones are asked to end early and still give a result. */
  drain(): void;
  /** Ends all workers at once; what was not done is rejected with code `closed`. Await your tasks first to end gently. */
  close(): Promise<void>;
};

const DEFAULT_START_TIMEOUT_MS = 60_000;
const START_ATTEMPTS = 3;

/** Child processes that may crash or hang: each costs the task it was at, and a fresh process takes the next one. */
export function createWorkerPool<Task, Result>(options: WorkerPoolOptions): WorkerPool<Task, Result> {
  const queue = new TaskQueue(options);
  let nextId = 1;
  const onAbort = (task: QueuedTask): void => {
    queue.remove(task);
  };
  return {
    run: (task, { signal, onProgress } = {}) =>
      new Promise<Result>((resolve, reject) => {
        const onNote = (note: unknown): void => {
          options.onProgress?.(note);
          onProgress?.(note);
        };
        const settle = { resolve: resolve as (result: unknown) => void, reject };
        if (signal?.aborted === true) reject(abortReason(signal));
        else queue.add(queueTask({ id: nextId++, task, onNote, ...settle, signal, onAbort }));
      }),
    drain: () => {
      queue.drain();
    },
    close: () => queue.close(),
  };
}

/** Tasks that wait, and the places that take them. */
class TaskQueue {
  readonly #waiting: QueuedTask[] = [];
  readonly #slots: WorkerSlot[];
  #failure: Error | undefined;
  #failedStarts = 0;

  constructor(options: WorkerPoolOptions) {
    const limits = { startTimeoutMs: DEFAULT_START_TIMEOUT_MS, tasksPerWorker: 1, ...options };
    const hooks: SlotHooks = {
      onFree: () => {
        this.#assign();
      },
      onStarted: () => {
        this.#failedStarts = 0;
      },
      onBadStart: (error, final) => {
        this.#onBadStart(error, final);
      },
      putBack: (tasks) => {
        this.#waiting.unshift(...tasks);
      },
    };
    this.#slots = Array.from({ length: Math.max(1, options.size) }, () => new WorkerSlot(limits, hooks));
  }

  add(task: QueuedTask): void {
    this.#waiting.push(task);
    this.#assign();
  }

  remove(task: QueuedTask): void {
    const index = this.#waiting.indexOf(task);
    if (index >= 0) this.#waiting.splice(index, 1);
    for (const slot of this.#slots) slot.drop(task);
  }

  drain(): void {
    const error = new WorkerError('drained', 'no more work is begun');
    for (const task of this.#waiting.splice(0)) task.reject(error);
    for (const slot of this.#slots) slot.drain();
  }

  async close(): Promise<void> {
    this.#fail(new WorkerError('closed', 'the worker pool was closed'));
    await Promise.all(this.#slots.map((slot) => slot.ended()));
  }

  /** In order of arrival, to the worker that holds the fewest. */
  #assign(): void {
    if (this.#failure !== undefined) {
      for (const task of this.#waiting.splice(0)) task.reject(this.#failure);
      return;
    }
    for (let task = this.#waiting[0]; task !== undefined; task = this.#waiting[0]) {
      const slot = this.#slotFor(task);
      if (slot === undefined) return;
      this.#waiting.shift();
      slot.give(task);
    }
  }

  #slotFor(task: QueuedTask): WorkerSlot | undefined {
    const able = this.#slots.filter((slot) => slot.takes(task));
    return able.reduce<WorkerSlot | undefined>((best, slot) => (best === undefined || slot.load < best.load ? slot : best), undefined);
  }

  #onBadStart(error: Error, final: boolean): void {
    this.#failedStarts += 1;
    if (final || this.#failedStarts >= START_ATTEMPTS) this.#fail(error);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const slot of this.#slots) slot.end(this.#failure);
    this.#assign();
  }
}
