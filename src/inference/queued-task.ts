/** A task on its way through a pool. It settles once; later attempts do nothing. */
export type QueuedTask = {
  id: number;
  task: unknown;
  /** It was with others in a worker that ended: it runs by itself now, so that the blame falls on the right one. */
  alone: boolean;
  onNote: (note: unknown) => void;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
};

type QueuedTaskParts = Omit<QueuedTask, 'alone'> & { signal: AbortSignal | undefined; onAbort: (task: QueuedTask) => void };

/** `onAbort` takes the task away from wherever it is; the task itself is then rejected with the signal's reason. */
export function queueTask({ signal, onAbort, ...parts }: QueuedTaskParts): QueuedTask {
  const abort = (): void => {
    queued.reject(abortReason(signal));
    onAbort(queued);
  };
  const settled = (): void => {
    signal?.removeEventListener('abort', abort);
  };
  const queued: QueuedTask = {
    ...parts,
    alone: false,
    resolve: (result) => {
      settled();
      parts.resolve(result);
    },
    reject: (error) => {
      settled();
      parts.reject(error);
    },
  };
  signal?.addEventListener('abort', abort, { once: true });
  return queued;
}

export function abortReason(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('aborted');
}
