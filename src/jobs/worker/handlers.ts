import type { JobQueue } from '../../domain/job-queues.ts';
import type { Claim } from '../ledger/ledger.ts';
import { alert, risk } from './analysis-handlers.ts';
import { command } from './command-handler.ts';
import { createDetect, derive, scan } from './footage-handlers.ts';
import { isCommand } from './queued-work.ts';
import type { JobHandler } from './worker-context.ts';

export type Handlers = { of: (claim: Claim) => JobHandler; close: () => Promise<void> };

/** What is done for the jobs of each queue; a command line may wait in any of them. */
export function openHandlers(): Handlers {
  const detect = createDetect();
  const handlers: Readonly<Record<JobQueue, JobHandler>> = {
    scan,
    detect: detect.handler,
    'detect-gpu': detect.handler,
    derive,
    risk,
    alert,
    export: command,
    command,
  };
  return { of: ({ job, queue }) => (isCommand(job.payload) ? command : handlers[queue]), close: detect.close };
}
