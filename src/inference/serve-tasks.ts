import { toErrorNote } from './worker-error.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** Reports progress of a task to the parent, a few times a second: a note too soon after the one before is dropped. */
export type Note = (note: unknown) => void;

/** What a long task may use beside notes. */
export type TaskControl = {
  /** Hands over a part of the result; arrives as a note, in order, and is never dropped. */
  part: (part: unknown) => void;
  /** Aborted when the parent wants no more work begun: end at the next safe point. */
  drain: AbortSignal;
};

export type Work<Task, Result> = (task: Task, note: Note, control: TaskControl) => Promise<Result>;

export type TaskServer<Init, Task, Result> = {
  /** Runs once, before the first task. An error here means that no worker of this pool can work. */
  start(init: Init): Promise<Work<Task, Result>>;
};

/**
 * The worker's side of a pool: call it once in the entry file. The process ends by itself, and takes the programs it started with it,
 * when the parent is gone: also after a kill -9 of the parent.
 */
export function serveTasks<Init, Task, Result>(server: TaskServer<Init, Task, Result>): void {
  let work: Work<Task, Result> | undefined;
  const draining = new AbortController();

  const start = async (init: Init): Promise<void> => {
    try {
      work = await server.start(init);
      send({ kind: 'ready' });
    } catch (error) {
      send({ kind: 'start-failed', error: toErrorNote(error) });
    }
  };
  const runTask = async (id: number, task: Task): Promise<void> => {
    try {
      if (work === undefined) throw new Error('a task came before the start');
      // A result that cannot be cloned throws here: it is the task's error.
      const part = (note: unknown): void => {
        send({ kind: 'note', id, note });
      };
      send({ kind: 'done', id, result: await work(task, noteSender(id), { part, drain: draining.signal }) });
    } catch (error) {
      send({ kind: 'failed', id, error: toErrorNote(error) });
    }
  };
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'start') void start(message.init as Init);
    else if (message.kind === 'drain') draining.abort();
    else void runTask(message.id, message.task as Task);
  });
  process.on('disconnect', endGroup);
  process.on('uncaughtException', endWithError);
  process.on('unhandledRejection', endWithError);
}

function send(message: FromWorker, sent?: () => void): void {
  // Without a parent nobody waits; `disconnect` ends the process.
  if (process.connected) process.send?.(message, undefined, undefined, () => sent?.());
}

/** A note costs both processes half a millisecond; nobody reads more of them. */
const NOTE_GAP_MS = 200;

function noteSender(id: number): Note {
  let lastMs = -NOTE_GAP_MS;
  let underWay = false;
  return (note) => {
    const nowMs = performance.now();
    // Nor while one is still on its way: a parent that is busy does not find a heap of them.
    if (underWay || nowMs - lastMs < NOTE_GAP_MS) return;
    lastMs = nowMs;
    underWay = true;
    send({ kind: 'note', id, note }, () => {
      underWay = false;
    });
  };
}

let ending = false;

/** An error that no task caught: which task it belongs to is unknown, and so is the state of the process. */
function endWithError(error: unknown): void {
  if (ending) return;
  ending = true;
  if (!process.connected) endGroup();
  send({ kind: 'fatal', error: toErrorNote(error) }, endGroup);
}

/** A worker leads a process group of its own: programs it started end with it. */
function endGroup(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    // No groups on this platform, or this process does not lead one.
  }
  process.exit(1);
}
