import type { Knex } from 'knex';
import { findJobHistories, type JobHistory } from '../../db/queries/jobs.ts';
import type { JobStatus, JobTransitionTrigger } from '../../domain/enums.ts';
import { batch } from '../../lib/batch.ts';
import { isUuid } from '../../lib/is-uuid.ts';
import { noJob } from './get-job.ts';

/** One status change of a job. */
export type TransitionRecord = {
  job_id: string;
  at: Date;
  from: JobStatus;
  to: JobStatus;
  by: JobTransitionTrigger;
  /** Seconds since the change before it, or since the job was created. */
  after_s: number;
  metadata: unknown;
};

const JOBS_AT_ONCE = 500;

/** Status changes of jobs, in the order of the ids, oldest first. Throws a usage error for an id of no job. */
export async function* listTransitions(knex: Knex, ids: readonly string[]): AsyncIterable<TransitionRecord> {
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))];
  for await (const some of batch(wanted, { count: JOBS_AT_ONCE })) {
    const histories = await findJobHistories(knex, some.filter(isUuid));
    const byId = new Map(histories.map((history) => [history.job.id, history]));
    for (const id of some) yield* toRecords(byId.get(id) ?? fail(id));
  }
}

function fail(id: string): never {
  throw noJob(id);
}

/** Of one job; each says how long the status before it lasted. */
export function toRecords({ job, transitions }: JobHistory): TransitionRecord[] {
  return transitions.map((transition, index) => ({
    job_id: transition.job_id,
    at: transition.transitioned_at,
    from: transition.from_status,
    to: transition.to_status,
    by: transition.triggered_by,
    after_s: (transition.transitioned_at.getTime() - (transitions[index - 1]?.transitioned_at ?? job.created_at).getTime()) / 1000,
    metadata: readMetadata(transition.metadata_json),
  }));
}

/** JSON as text, which another program may have written: what is none is shown as it is. */
function readMetadata(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return text;
  }
}
