import { setMaxListeners } from 'node:events';

/** Lets at most `concurrency` calls run at once; the others wait in the order they came. */
export function limitCalls(concurrency: number): <Result>(signal: AbortSignal, call: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (signal, call) => {
    setMaxListeners(0, signal); // as many as are waiting, and more than Node takes for usual
    signal.throwIfAborted();
    if (running >= concurrency) await turn(waiting, signal);
    else running += 1;
    try {
      return await call();
    } finally {
      const next = waiting.shift();
      // The place is handed over as it is.
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

function turn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const start = (): void => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    };
    const giveUp = (): void => {
      waiting.splice(waiting.indexOf(start), 1);
      reject(signal.reason as Error);
    };
    waiting.push(start);
    signal.addEventListener('abort', giveUp, { once: true });
  });
}
