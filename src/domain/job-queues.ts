/**
 * What a worker must be able to do for a job. `detect` computes on the CPU, `detect-gpu` on a GPU; `scan` and both of them read
 * the footage, `alert` reaches the outside, `command` runs whatever a schedule says.
 */
export const JOB_QUEUES = ['scan', 'detect', 'detect-gpu', 'derive', 'risk', 'alert', 'export', 'command'] as const;
export type JobQueue = (typeof JOB_QUEUES)[number];

export function isJobQueue(name: string): name is JobQueue {
  return (JOB_QUEUES as readonly string[]).includes(name);
}

/** Where work waits that is to compute on this device; `auto` takes what is there. */
export function detectQueueFor(device: string): 'detect' | 'detect-gpu' {
  return device === 'auto' || device === 'cpu' ? 'detect' : 'detect-gpu';
}

const LONGEST_DELAY_S = 30;
const SPREAD = 0.25;

/**
 * Pause after failed attempt n (from 1), in ms: doubles up to 30 s, and a quarter more at random, so that what failed together
 * is not tried again together. `random` in [0, 1).
 */
export function retryDelayMs(attempt: number, random: number): number {
  return Math.round(1000 * Math.min(LONGEST_DELAY_S, 2 ** (attempt - 1)) * (1 + SPREAD * random));
}
