import { InterruptedError } from '../errors/interrupted-error.ts';
import { EXIT } from '../errors/exit-codes.ts';

type StopSignal = { signal: AbortSignal; dispose: () => void };

/** Aborts on the first SIGINT or SIGTERM so that work can stop at a safe point; the second one ends the process at once. */
export function createStopSignal(onFirst: (name: 'SIGINT' | 'SIGTERM') => void): StopSignal {
  const controller = new AbortController();
  const stop = (name: 'SIGINT' | 'SIGTERM'): void => {
    if (controller.signal.aborted) process.exit(name === 'SIGINT' ? EXIT.interrupted : EXIT.terminated);
    onFirst(name);
    controller.abort(new InterruptedError(name));
  };
  const onInterrupt = (): void => {
    stop('SIGINT');
  };
  const onTerminate = (): void => {
    stop('SIGTERM');
  };
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
  return {
    signal: controller.signal,
    dispose: () => process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate),
  };
}
