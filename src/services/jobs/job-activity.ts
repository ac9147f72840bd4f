import type { Knex } from 'knex';
import { readDatabaseClock } from '../../db/database-clock.ts';
import {
  countFilesByRun,
  countFinishedJobs,
  countQueues,
  findLiveWork,
  type FinishedJobsRow,
  type QueueRow,
  type WorkRow,
} from '../../db/queries/job-activity.ts';
import { readSnapshot } from '../../db/queries/read-snapshot.ts';
import { emptyInMs, perMinute, remainingMs } from '../../domain/job-pace.ts';

/** Rates are those of the last minutes. */
const WINDOW_MS = 300_000;
/** A run that has just begun has no rate yet: one file in its first second is not sixty a minute. */
const LEAST_WINDOW_MS = 10_000;

/** A live run with a job it works on; null where it has none, and where nothing can be said. */
export type WorkerActivity = WorkRow & {
  files_per_min: number | null;
  jobs_per_min: number | null;
  /** Seconds until the job is done at its pace so far. */
  eta_s: number | null;
};

export type QueueActivity = QueueRow & {
  jobs_per_min: number | null;
  /** Seconds until nothing is queued or running at the pace of the last minutes. */
  empty_in_s: number | null;
};

export type JobActivity = { at: Date; window_s: number; workers: WorkerActivity[]; queues: QueueActivity[] };

/** Who works on what, how fast, and what waits: of one moment, which is the database's. */
export async function readJobActivity(knex: Knex): Promise<JobActivity> {
  return readSnapshot(knex, async (snapshot) => {
    const at = await readDatabaseClock(snapshot);
    const since = new Date(at.getTime() - WINDOW_MS);
    const work = await findLiveWork(snapshot);
    const finished = await countFinishedJobs(snapshot, since);
    // Nothing but ingest finishes files.
    const files = work.length === 0 ? [] : await countFilesByRun(snapshot, since);
    const filesOf = new Map(files.map((row) => [row.run_id, row.files]));
    return {
      at,
      window_s: WINDOW_MS / 1000,
      workers: work.map((row) => toWorker(row, { at, files: filesOf.get(row.run_id) ?? 0, jobs: jobsOf(finished, row.run_id) })),
      queues: toQueues(await countQueues(snapshot), finished),
    };
  });
}

function jobsOf(finished: readonly FinishedJobsRow[], runId: string): number {
  return sum(finished.filter(({ worker_id: worker }) => worker === runId));
}

type Pace = { at: Date; files: number; jobs: number };

/** The window of a run begins no earlier than the run. */
export function toWorker(row: WorkRow, { at, files, jobs }: Pace): WorkerActivity {
  const ageMs = at.getTime() - row.started_at.getTime();
  const windowMs = ageMs < LEAST_WINDOW_MS ? 0 : Math.min(WINDOW_MS, ageMs);
  const { progress_percent: percent, job_started_at: startedAt } = row;
  const elapsedMs = startedAt === null ? -1 : at.getTime() - startedAt.getTime();
  return {
    ...row,
    files_per_min: perMinute(files, windowMs),
    jobs_per_min: perMinute(jobs, windowMs),
    eta_s: inSeconds(percent === null ? null : remainingMs({ percent, elapsedMs })),
  };
}

/** Queues in which something is left, and those that were emptied just now. */
export function toQueues(left: readonly QueueRow[], finished: readonly FinishedJobsRow[]): QueueActivity[] {
  const names = new Set([...left, ...finished].map((row) => row.queue_name));
  const ordered = [...names].sort((a, b) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
  return ordered.map((name) => {
    const row = left.find((one) => one.queue_name === name) ?? emptyQueue(name);
    const jobsPerMin = perMinute(sum(finished.filter((one) => one.queue_name === name)), WINDOW_MS);
    return { ...row, jobs_per_min: jobsPerMin, empty_in_s: inSeconds(emptyInMs(row.queued + row.running, jobsPerMin)) };
  });
}

function emptyQueue(name: string | null): QueueRow {
  return { queue_name: name, queued: 0, running: 0, failed: 0, oldest_queued_at: null };
}

function sum(rows: readonly FinishedJobsRow[]): number {
  return rows.reduce((total, { jobs }) => total + jobs, 0);
}

function inSeconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 1000);
}
