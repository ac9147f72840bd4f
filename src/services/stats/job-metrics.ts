import type { Knex } from 'knex';

import { readDatabaseClock } from '../../db/database-clock.ts';
import { findLiveRuns } from '../../db/queries/job-activity.ts';
import { countJobStates, countQueueStates, type QueueStateRow } from '../../db/queries/metrics.ts';
import { JOB_STATUSES } from '../../domain/enums.ts';
import { gauge, type Metric } from '../../exporters/prometheus-text.ts';

/** Label of jobs that commands did themselves. */
const NO_QUEUE = '(direct)';
/** Has a series also while none of it is there: that is what one wants to be told of. */
const WORKER = 'worker';

/** Jobs by kind and by queue, how long the oldest has waited, and which runs have a process. */
export async function jobMetrics(knex: Knex): Promise<Metric[]> {
  const jobRows = await countJobStates(knex);
  const jobs = new Map(jobRows.map((row) => [`${row.job_type} ${row.status}`, row.jobs]));
  const jobSamples = [...new Set(jobRows.map(({ job_type: type }) => type))].flatMap((type) =>
    JOB_STATUSES.map((status) => ({ labels: { type, status }, value: jobs.get(`${type} ${status}`) ?? 0 })),
  );
  return [
    gauge('hs_jobs', 'Jobs in the store.', jobSamples),
    ...queueMetrics(await countQueueStates(knex), await readDatabaseClock(knex)),
    ...(await liveRunMetrics(knex)),
  ];
}

function queueMetrics(rows: readonly QueueStateRow[], now: Date): Metric[] {
  const queues = [...new Set(rows.map((row) => row.queue_name))];
  const find = (queue: string | null, status: string): QueueStateRow | undefined =>
    rows.find((row) => row.queue_name === queue && row.status === status);
  const label = (queue: string | null): string => queue ?? NO_QUEUE;
  const counts = queues.flatMap((queue) =>
    JOB_STATUSES.map((status) => ({ labels: { queue: label(queue), status }, value: find(queue, status)?.jobs ?? 0 })),
  );
  const ages = queues.map((queue) => {
    const oldest = find(queue, 'queued')?.oldest_at;
    return { labels: { queue: label(queue) }, value: oldest === undefined ? 0 : Math.max(0, now.getTime() - oldest.getTime()) / 1000 };
  });
  return [
    gauge('hs_queue_jobs', 'Jobs in the store by queue; finished ones until they are pruned.', counts),
    gauge('hs_queue_oldest_seconds', 'How long the oldest queued job of each queue has been there.', ages),
  ];
}

async function liveRunMetrics(knex: Knex): Promise<Metric[]> {
  const commands = (await findLiveRuns(knex)).map(({ command }) => command);
  const shown = [...new Set([WORKER, ...commands])];
  const samples = shown.map((command) => ({ labels: { command }, value: commands.filter((one) => one === command).length }));
  return [gauge('hs_live_runs', 'Runs whose process is there.', samples)];
}
