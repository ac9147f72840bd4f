import type { openDatabase } from '../../src/db/database.ts';

type Knex = Awaited<ReturnType<typeof openDatabase>>['knex'];

/** A fault and when it struck; without a worker it struck all of them. */
export type Struck = { fault: string; atMs: number; worker?: number | undefined };

/** An attempt whose worker was lost, how long its job then waited for the next one, and what befell meanwhile. */
export type Takeover = { seconds: number; told: string };

const FIRST_MAX_JOBS = 1_000_000;
/** Whatever is under way then is lost. */
const LOSES_ALL: ReadonlySet<string> = new Set(['crash', 'cut']);

/** Among the flags of a worker, and so in its run: by them it is known which process it was. */
export function flagsOfWorker(worker: number): string[] {
  return ['--max-jobs', String(FIRST_MAX_JOBS + worker)];
}

type Row = {
  job_id: string;
  attempt: number;
  max_jobs: number | null;
  started: Date;
  beat: Date;
  closed: Date;
  next: Date;
  /** Attempts at others that were begun while it waited. */
  overtaken: number;
};

/** All of them, the slowest first. */
export async function readTakeovers(knex: Knex, struck: readonly Struck[]): Promise<Takeover[]> {
  const { rows } = await knex.raw<{ rows: Row[] }>(
    `SELECT a.job_id, a.attempt_number AS attempt, (r.args_json ->> 'max-jobs')::int AS max_jobs, a.started_at AS started,
            r.heartbeat_at AS beat, a.ended_at AS closed, n.started_at AS next,
            (SELECT count(*)::int FROM job_attempts o WHERE o.started_at > a.ended_at AND o.started_at < n.started_at) AS overtaken
       FROM job_attempts a JOIN job_attempts n ON n.job_id = a.job_id AND n.attempt_number = a.attempt_number + 1
       JOIN runs r ON r.id::text = a.worker_id
      WHERE a.error_message = 'its worker gave no sign of life'`,
  );
  return rows.map((row) => toTakeover(row, struck)).sort((a, b) => b.seconds - a.seconds);
}

/** From the fault that took the worker; where none is known of, from its last sign of life, which comes every 15 seconds. */
function toTakeover(row: Row, struck: readonly Struck[]): Takeover {
  const [started, closed, next] = [row.started.getTime(), row.closed.getTime(), row.next.getTime()];
  const worker = row.max_jobs === null ? undefined : row.max_jobs - FIRST_MAX_JOBS;
  const during = struck.filter(({ atMs }) => atMs >= started && atMs <= closed);
  const cause = during.find((one) => one.worker !== undefined && one.worker === worker) ?? during.find(({ fault }) => LOSES_ALL.has(fault));
  const since = cause?.atMs ?? Math.max(started, row.beat.getTime());
  const after = (ms: number): string => `${((ms - since) / 1000).toFixed(1)} s`;
  const faults = struck.filter((one) => one !== cause && one.atMs >= since && one.atMs <= next);
  const told = [
    `${row.job_id} attempt ${String(row.attempt)} of worker ${String(worker)}, ${cause?.fault ?? 'last sign of life'} ${((since - started) / 1000).toFixed(1)} s after its start:`,
    `closed after ${after(closed)}, next began after ${after(next)}, ${String(row.overtaken)} others before it; meanwhile`,
    faults.map(({ fault, atMs, worker: hit }) => `${fault}${hit === undefined ? '' : ` of ${String(hit)}`} at ${after(atMs)}`).join(', ') ||
      'nothing',
  ];
  return { seconds: (next - since) / 1000, told: told.join(' ') };
}
