import type { Knex } from 'knex';

import { JOBS_CHANNEL } from '../../db/engine/job-engine.ts';
import type { LockSession } from '../../db/locks.ts';

/** How a worker learns that there may be something to do. */
export type JobNews = {
  /** Whether news are known to arrive; until then, and where a pooler keeps them away, one has to ask often. */
  isHeard: () => boolean;
  /** Calls when there may be something new in one of these queues. */
  onNews: (wake: () => void) => void;
  /** Says so to this worker itself. */
  wake: () => void;
};

type NewsOptions = { knex: Knex; session: LockSession; runId: string; queues: readonly string[] };

/** Listens, and tells itself something by another connection to see whether it hears it. Never throws: without news one asks. */
export async function listenForJobs({ knex, session, runId, queues }: NewsOptions): Promise<JobNews> {
  const hello = `hello ${runId}`;
  let isHeard = false;
  let listener = (): void => undefined;
  try {
    await session.listen(JOBS_CHANNEL, (text) => {
      if (text === hello) isHeard = true;
      else if (queues.includes(text)) listener();
    });
    await knex.raw('SELECT pg_notify(?, ?)', [JOBS_CHANNEL, hello]);
  } catch {
    isHeard = false;
  }
  return {
    isHeard: () => isHeard,
    onNews: (wake) => (listener = wake),
    wake: () => {
      listener();
    },
  };
}
