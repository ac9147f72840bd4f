import { whenAborted } from '../lib/when-aborted.ts';

/** Rejects with the signal's reason once it is aborted: for calls that know no signal. */
export async function failWhenAborted(signal: AbortSignal): Promise<never> {
  await whenAborted(signal);
  throw signal.reason as Error;
}

/** Aborted after that time, and with the signal that is given. */
export function stopAfter(timeoutMs: number, signal: AbortSignal | undefined): { late: AbortSignal; stop: AbortSignal } {
  const late = AbortSignal.timeout(timeoutMs);
  return { late, stop: signal === undefined ? late : AbortSignal.any([late, signal]) };
}
