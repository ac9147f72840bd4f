import { setTimeout as wait } from 'node:timers/promises';

/** Resolves after `durationMs`, or at once when the signal aborts: the caller looks at the signal, nothing is thrown. */
export async function sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
  await wait(durationMs, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
    if (signal?.aborted !== true) throw error;
  });
}
