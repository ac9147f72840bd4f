import type { Column } from './column.ts';
import { formatDuration } from './format-duration.ts';
import { tableLines } from './table-lines.ts';
import type { Terminal } from './terminal.ts';

/** Names as in JSON. */
type Worker = {
  run_id: string;
  command: string;
  started_at: Date;
  job_id: string | null;
  job_type: string | null;
  progress_percent: number | null;
  current_step: string | null;
  files_per_min: number | null;
  jobs_per_min: number | null;
  eta_s: number | null;
};

type Queue = {
  queue_name: string | null;
  queued: number;
  running: number;
  failed: number;
  oldest_queued_at: Date | null;
  jobs_per_min: number | null;
  empty_in_s: number | null;
};

type Activity = { at: Date; workers: readonly Worker[]; queues: readonly Queue[] };

/** From this width on there is room for the id of a job. */
const WIDE = 150;
/** What commands did themselves was in no queue. */
const NO_QUEUE = '(direct)';

/** Who works on what and what waits, as two tables for this terminal. */
export async function jobsTopText({ at, workers, queues }: Activity, terminal: Terminal): Promise<string> {
  const tables = [
    tableLines(each(workers), { columns: workerColumns(at, terminal), terminal, emptyText: 'nobody works on anything' }),
    tableLines(each(queues), { columns: queueColumns(at), terminal, emptyText: 'nothing waits, and nothing was finished lately' }),
  ];
  const texts: string[] = [];
  for (const table of tables) {
    let text = '';
    for await (const lines of table) text += lines;
    texts.push(text);
  }
  return texts.join('\n');
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* each<Row>(rows: readonly Row[]): AsyncGenerator<Row> {
  yield* rows;
}

function workerColumns(at: Date, terminal: Terminal): Column<Worker>[] {
  const id: Column<Worker> = { key: 'job_id', value: (worker) => worker.job_id };
  return [
    { key: 'command', value: (worker) => worker.command },
    { key: 'for', value: (worker) => worker.started_at, format: (worker) => since(worker.started_at, at), align: 'right' },
    ...(terminal.width < WIDE ? [] : [id]),
    { key: 'job', value: (worker) => worker.job_type },
    { key: 'step', value: (worker) => worker.current_step },
    { key: '%', value: (worker) => worker.progress_percent, align: 'right' },
    { key: 'rate', value: rateText, align: 'right' },
    { key: 'eta', value: (worker) => duration(worker.eta_s), align: 'right' },
  ];
}

function queueColumns(at: Date): Column<Queue>[] {
  return [
    { key: 'queue', value: (queue) => queue.queue_name ?? NO_QUEUE },
    { key: 'queued', value: (queue) => queue.queued, align: 'right' },
    { key: 'running', value: (queue) => queue.running, align: 'right' },
    { key: 'failed', value: (queue) => queue.failed, align: 'right' },
    { key: 'oldest', value: (queue) => (queue.oldest_queued_at === null ? '' : since(queue.oldest_queued_at, at)), align: 'right' },
    { key: 'jobs/min', value: (queue) => rate(queue.jobs_per_min), align: 'right' },
    { key: 'empty in', value: (queue) => (queue.queued + queue.running === 0 ? '' : duration(queue.empty_in_s)), align: 'right' },
  ];
}

function rateText({ files_per_min: files, jobs_per_min: jobs }: Worker): string {
  if (files !== null) return `${rate(files)} files/min`;
  return jobs === null ? '' : `${rate(jobs)} jobs/min`;
}

function rate(perMinute: number | null): string {
  if (perMinute === null) return '';
  return perMinute.toFixed(perMinute < 10 ? 1 : 0);
}

function duration(seconds: number | null): string {
  return seconds === null ? '' : formatDuration(seconds * 1000);
}

function since(then: Date, at: Date): string {
  return formatDuration(Math.max(0, Math.round((at.getTime() - then.getTime()) / 1000)) * 1000);
}
