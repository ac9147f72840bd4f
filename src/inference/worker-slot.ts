import type { QueuedTask } from './queued-task.ts';
import { fromErrorNote, WorkerError } from './worker-error.ts';
import type { FromWorker } from './worker-messages.ts';
import type { WorkerLimits } from './worker-limits.ts';
import { startWorkerProcess } from './worker-process.ts';
import type { WorkerProcess } from './worker-process.ts';

export type SlotLimits = {
  entry: URL;
  init: unknown;
  taskTimeoutMs: number;
  startTimeoutMs: number;
  tasksPerWorker: number;
  limits?: WorkerLimits;
  idleMs?: number;
};

export type SlotHooks = {
  /** The slot can take a task that it could not take before. */
  onFree: () => void;
  onStarted: () => void;
  /** `final`: the worker itself said that it cannot work, so another try is pointless. */
  onBadStart: (error: Error, final: boolean) => void;
  /** Tasks that go to the front of the queue again. */
  putBack: (tasks: readonly QueuedTask[]) => void;
};

/** One place of a pool: a worker process, replaced when it is lost, and the tasks it holds in the order they were given. */
export class WorkerSlot {
  readonly #limits: SlotLimits;
  readonly #hooks: SlotHooks;
  readonly #held: QueuedTask[] = [];
  readonly #exits = new Set<Promise<void>>();
  #worker: WorkerProcess | undefined;
  #ready = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: SlotLimits, hooks: SlotHooks) {
    this.#limits = limits;
    this.#hooks = hooks;
  }

  get load(): number {
    return this.#held.length;
  }

  takes(task: QueuedTask): boolean {
    if (this.#held.length === 0) return true;
    return this.#held.length < this.#limits.tasksPerWorker && !task.alone && !this.#held.some((each) => each.alone);
  }

  give(task: QueuedTask): void {
    this.#held.push(task);
    this.#worker?.keepAlive(true);
    if (this.#worker === undefined) this.#start();
    else if (this.#ready) this.#send(task);
  }

  /** Takes an aborted task away. A worker cannot be asked to stop in the middle, so it is killed; what else it held runs again. */
  drop(task: QueuedTask): void {
    if (!this.#held.includes(task)) return;
    const others = this.#forget().filter((each) => each !== task);
    this.#hooks.putBack(others);
    this.#hooks.onFree();
  }

  /** Asks the worker to end what it holds at the next safe point. */
  drain(): void {
    if (this.#ready) this.#worker?.send({ kind: 'drain' });
  }

  /** Kills the worker and rejects what it holds. */
  end(error: Error): void {
    for (const task of this.#forget()) task.reject(error);
  }

  /** Resolves when no process of this slot is left. */
  async ended(): Promise<void> {
    await Promise.all(this.#exits);
  }

  #start(): void {
    let gone: () => void = () => undefined;
    const exit = new Promise<void>((resolve) => {
      gone = resolve;
    });
    this.#exits.add(exit);
    const worker: WorkerProcess = startWorkerProcess({
      ...this.#limits,
      onMessage: (message) => {
        if (this.#worker === worker) this.#onMessage(message);
      },
      onExit: (reason, said) => {
        gone();
        this.#exits.delete(exit);
        if (this.#worker === worker) this.#onExit(said === '' ? reason : `${reason}: ${said}`);
      },
    });
    this.#worker = worker;
    this.#setTimer(this.#limits.startTimeoutMs, () => {
      this.#onBadStart(new WorkerError('worker_unavailable', 'a worker process did not start in time'), false);
    });
  }

  #onMessage(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        this.#ready = true;
        this.#hooks.onStarted();
        for (const task of [...this.#held]) this.#send(task);
        this.#watchSilence();
        return;
      case 'start-failed':
        this.#onBadStart(fromErrorNote(message.error), true);
        return;
      case 'fatal':
        this.#lose(fromErrorNote(message.error));
        return;
      default:
        this.#onTaskMessage(message);
    }
  }

  #onTaskMessage(message: Extract<FromWorker, { id: number }>): void {
    const task = this.#held.find((each) => each.id === message.id);
    if (task === undefined) return;
    if (message.kind === 'note') {
      if (task === this.#held[0]) this.#watchSilence();
      task.onNote(message.note);
      return;
    }
    this.#held.splice(this.#held.indexOf(task), 1);
    this.#watchSilence();
    if (message.kind === 'done') task.resolve(message.result);
    else task.reject(fromErrorNote(message.error));
    this.#hooks.onFree();
  }

  #onExit(reason: string): void {
    if (this.#ready) this.#lose(new WorkerError('worker_crashed', `the worker process ${reason}`));
    else this.#onBadStart(new WorkerError('worker_unavailable', `a worker process ${reason} before it was ready`), false);
  }

  #onBadStart(error: Error, final: boolean): void {
    this.#hooks.putBack(this.#forget());
    this.#hooks.onBadStart(error, final);
    this.#hooks.onFree();
  }

  /** The worker is lost. A single task is to blame; of several each gets a run by itself. */
  #lose(error: Error): void {
    const tasks = this.#forget();
    const [only] = tasks;
    if (tasks.length === 1) only?.reject(error);
    else {
      for (const task of tasks) task.alone = true;
      this.#hooks.putBack(tasks);
    }
    this.#hooks.onFree();
  }

  #forget(): QueuedTask[] {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#ready = false;
    worker?.kill();
    return this.#held.splice(0);
  }

  #send(task: QueuedTask): void {
    try {
      this.#worker?.send({ kind: 'task', id: task.id, task: task.task });
      if (task === this.#held[0]) this.#watchSilence();
    } catch (error) {
      this.#held.splice(this.#held.indexOf(task), 1);
      this.#watchSilence();
      task.reject(error instanceof Error ? error : new Error(String(error)));
      queueMicrotask(this.#hooks.onFree);
    }
  }

  /** Only the oldest task is watched: the others may be waiting for it inside the worker. */
  #watchSilence(): void {
    clearTimeout(this.#timer);
    if (!this.#ready) return;
    if (this.#held.length === 0) {
      this.#rest();
      return;
    }
    const { taskTimeoutMs } = this.#limits;
    this.#setTimer(taskTimeoutMs, () => {
      this.#lose(new WorkerError('timeout', `no sign of life from the worker process for ${String(taskTimeoutMs / 1000)} s`));
    });
  }

  #rest(): void {
    const { idleMs } = this.#limits;
    if (idleMs === undefined) return;
    this.#worker?.keepAlive(false);
    this.#setTimer(idleMs, () => {
      this.#forget();
    });
    this.#timer?.unref();
  }

  #setTimer(delayMs: number, onTime: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(onTime, delayMs);
  }
}
