import type { Knex } from 'knex';

import { streamRows } from '../stream-rows.ts';
import { finder } from './broken.ts';

/** One thing that is wrong with a job: the rule of `hs check` that says so, and what it is. */
export type JobFault = { rule: string; job_id: string; text: string };

/** Every select reads its tables once and gives `job_id` and `text`: 100,000 jobs are looked at in a second or two. */
const WRONG_PROGRESS = `
  SELECT id AS job_id, format('is %s at %s %%', status, progress_percent) AS text
    FROM jobs WHERE (status = 'completed') <> (progress_percent = 100)`;

const BROKEN_CHAINS = `
  SELECT job_id, format('goes on from %s, it was %s', from_status, before) AS text
    FROM (SELECT job_id, from_status, lag(to_status, 1, 'queued') OVER (PARTITION BY job_id ORDER BY transitioned_at, id) AS before
            FROM job_transitions) moves
   WHERE from_status <> before
  UNION ALL
  SELECT j.id, format('is %s, its transitions end in %s', j.status, coalesce(t.to_status, 'queued'))
    FROM jobs j LEFT JOIN (SELECT DISTINCT ON (job_id) job_id, to_status FROM job_transitions
                            ORDER BY job_id, transitioned_at DESC, id DESC) t ON t.job_id = j.id
   WHERE j.status <> coalesce(t.to_status, 'queued')`;

/** A job that waits for its first or next attempt is one ahead of its attempts, and so is one that was cancelled while it waited. */
const WRONG_ATTEMPTS = `
  WITH counted AS (
    SELECT j.id AS job_id, j.status, j.attempt_number, coalesce(a.attempts, 0) AS attempts, a.last,
           coalesce(a.open_numbers, '{}') AS open_numbers,
           j.attempt_number - (CASE WHEN j.started_at IS NULL THEN 1 ELSE 0 END) AS wanted
      FROM jobs j
      LEFT JOIN (SELECT job_id, count(*) AS attempts, max(attempt_number) AS last,
                        array_agg(attempt_number ORDER BY attempt_number) FILTER (WHERE status = 'started') AS open_numbers
                   FROM job_attempts GROUP BY job_id) a ON a.job_id = j.id)
  SELECT job_id, CASE WHEN wanted = attempt_number
                      THEN format('is at attempt %s, its attempts end with %s', attempt_number, coalesce(last::text, 'none'))
                      ELSE format('waits for attempt %s, its attempts end with %s', attempt_number, coalesce(last::text, 'none')) END AS text
    FROM counted WHERE coalesce(last, 0) <> wanted
  UNION ALL
  SELECT job_id, format('has %s of its attempts 1 to %s', attempts, last) FROM counted WHERE attempts <> last
  UNION ALL
  SELECT job_id, format('is %s, its attempt %s is still open', status, array_to_string(open_numbers, ', '))
    FROM counted WHERE status <> 'running' AND open_numbers <> '{}'
  UNION ALL
  SELECT job_id, format('is running at attempt %s, open is %s', attempt_number, coalesce(nullif(array_to_string(open_numbers, ', '), ''), 'none'))
    FROM counted WHERE status = 'running' AND open_numbers <> ARRAY[attempt_number]`;

const WRONG_TIMES = `
  SELECT id AS job_id, format('ended at %s, before it started at %s', completed_at, started_at) AS text
    FROM jobs WHERE completed_at < started_at
  UNION ALL
  SELECT id, format('is %s and never started', status) FROM jobs WHERE status IN ('completed', 'failed') AND started_at IS NULL
  UNION ALL
  SELECT t.job_id, format('became %s at %s, before it was created at %s', t.to_status, t.transitioned_at, j.created_at)
    FROM job_transitions t JOIN jobs j ON j.id = t.job_id WHERE t.transitioned_at < j.created_at
  UNION ALL
  SELECT a.job_id, format('began attempt %s at %s, before it was created at %s', a.attempt_number, a.started_at, j.created_at)
    FROM job_attempts a JOIN jobs j ON j.id = a.job_id WHERE a.started_at < j.created_at`;

const WRONG_EXPORTS = `
  SELECT format('export job %s', id) AS place, format('is %s at %s %%', status, progress_percent) AS text
    FROM export_jobs WHERE (status = 'completed') <> (progress_percent = 100)`;

const placed = (sql: string): string => `SELECT format('job %s', job_id) AS place, text FROM (${sql}) faults`;

export const findWrongProgress = finder(`${placed(WRONG_PROGRESS)} UNION ALL ${WRONG_EXPORTS}`);
export const findBrokenChains = finder(placed(BROKEN_CHAINS));
export const findWrongAttempts = finder(placed(WRONG_ATTEMPTS));
export const findWrongJobTimes = finder(placed(WRONG_TIMES));

const ALL = Object.entries({ J1: WRONG_PROGRESS, J2: BROKEN_CHAINS, J3: WRONG_ATTEMPTS, J6: WRONG_TIMES })
  .map(([rule, sql]) => `SELECT '${rule}' AS rule, job_id, text FROM (${sql}) ${rule.toLowerCase()}`)
  .join(' UNION ALL ');

/** What is wrong with the records of all jobs, by job. One statement, so that a job which moves meanwhile is seen in one state. */
export function streamJobFaults(knex: Knex): AsyncIterable<JobFault> {
  const all = knex.raw(`(${ALL}) AS faults`);
  return streamRows<JobFault>(knex.select('rule', 'job_id', 'text').from(all).orderBy(['job_id', 'rule', 'text']));
}
