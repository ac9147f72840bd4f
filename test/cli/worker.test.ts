import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { differences } from '../faults/differences.ts';
import { findViolations } from '../faults/find-violations.ts';
import { makeMixedFootage } from '../faults/mixed-footage.ts';
import { readNormalisedRows } from '../faults/stored-rows.ts';
import type { TestDatabase } from '../helpers/database.ts';
import { startHs } from '../helpers/run-hs.ts';
import { createTwoStores, INGEST, type TwoStores } from '../helpers/two-stores.ts';

let stores: TwoStores;
let folder: string;
let footage: string;
let direct: TestDatabase;
let queued: TestDatabase;

beforeAll(async () => {
  stores = await createTwoStores();
  ({ folder, footage, direct, queued } = stores);
  await makeMixedFootage(footage);
}, 120_000);

afterAll(() => stores.dispose());

const hs: TwoStores['hs'] = (...call) => stores.hs(...call);

function work(database: TestDatabase, ...args: string[]) {
  return hs(database, 'worker', '--quiet', ...args);
}

async function unfinished({ knex }: TestDatabase): Promise<number> {
  return (await knex('jobs').whereIn('status', ['queued', 'running'])).length;
}

describe('footage that is left to workers', () => {
  test('gives the rows of a direct ingest, with two workers that share the work', { timeout: 240_000 }, async () => {
    expect((await hs(direct, ...INGEST, footage)).code).toBe(3);
    const left = await hs(queued, ...INGEST, '--queue', '--json', footage);
    expect(left.code).toBe(0);
    const first = JSON.parse(left.stdout) as { item: { job_id: string; already: boolean } };
    const again = JSON.parse((await hs(queued, ...INGEST, '--queue', '--json', footage)).stdout) as typeof first;
    expect(again.item).toMatchObject({ job_id: first.item.job_id, already: true });
    const ends = await Promise.all([1, 2].map(() => work(queued, '--once', '--concurrency', '1')));
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    const [wanted, got] = await Promise.all([direct, queued].map(({ knex }) => readNormalisedRows(knex, footage)));
    expect(differences(wanted!, got!)).toEqual([]);
    expect(await findViolations(queued.knex)).toEqual([]);
    expect(await queued.knex('jobs').whereNot({ status: 'completed' })).toEqual([]);
  });

  test('is not looked at again when it is queued once more', { timeout: 120_000 }, async () => {
    const before = await queued.knex('jobs').where({ job_type: 'detect' });
    expect((await hs(queued, ...INGEST, '--queue', footage)).code).toBe(0);
    expect((await work(queued, '--once')).code).toBe(0);
    expect(await queued.knex('jobs').where({ job_type: 'detect' })).toHaveLength(before.length);
  });

  test('old footage waits for what is urgent', async () => {
    const jobs = await queued.knex('jobs').where({ job_type: 'detect' }).distinct<{ priority: number }[]>('priority');
    expect(jobs).toEqual([{ priority: 4 }]);
  });
});

describe('a worker', () => {
  test('says which queues it knows', async () => {
    const { code, stderr } = await work(queued, '--queues', 'detect,dance');
    expect(code).toBe(2);
    expect(stderr).toContain('"dance"');
  });

  test('does not claim to serve a GPU that is not there', async () => {
    const { code, stderr } = await work(queued, '--queues', 'detect-gpu');
    expect(code).toBe(6);
    expect(stderr).toContain('detect-gpu');
  });

  test('ends after so many jobs, and says that work is left', { timeout: 120_000 }, async () => {
    expect((await hs(queued, ...INGEST, '--queue', '--redo', 'all', footage)).code).toBe(0);
    expect((await work(queued, '--max-jobs', '1')).code).toBe(8);
    expect(await unfinished(queued)).toBeGreaterThan(1);
  });

  test('that is told to stop gives back what it has not done, and another one does it', { timeout: 180_000 }, async () => {
    const child = startHs(['worker', '--quiet'], { env: stores.envOf(queued) });
    const ended = once(child, 'exit');
    child.stdout.resume();
    while ((await queued.knex('jobs').where({ status: 'running' })).length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill('SIGTERM');
    expect(await ended).toEqual([143, null]);
    expect(await queued.knex('jobs').where({ status: 'running' })).toEqual([]);
    expect(await queued.knex('media_files').where({ status: 'processing' })).toEqual([]);
    const { code } = await work(queued, '--once');
    const failed = await queued.knex('job_attempts').where({ status: 'failed' }).pluck<string[]>('error_message');
    expect(failed.filter((message) => message !== 'its worker stopped and gave it back')).toEqual([]);
    expect(code).toBe(0);
    const [wanted, got] = await Promise.all([direct, queued].map(({ knex }) => readNormalisedRows(knex, footage)));
    expect(differences(wanted!, got!)).toEqual([]);
  });

  test('that has not what was ordered gives the job back and ends, and the job has lost no attempt', { timeout: 120_000 }, async () => {
    expect((await hs(queued, ...INGEST, '--queue', '--redo', 'all', footage)).code).toBe(0);
    expect((await work(queued, '--max-jobs', '1')).code).toBe(8);
    const ordered = queued.knex('jobs').where({ queue_name: 'detect', status: 'queued' });
    await ordered.clone().update({ payload: queued.knex.raw(`jsonb_set(payload, '{order,modelFingerprint}', '"another"')`) });
    const { code, stderr } = await work(queued, '--queues', 'detect');
    expect(code).toBe(6);
    expect(stderr).toContain('would not find what was ordered');
    const jobs = queued.knex('jobs').where({ queue_name: 'detect' }).whereNot({ status: 'completed' });
    for (const job of await jobs
      .clone()
      .select<{ status: string; attempt_number: number; max_attempts: number; next_retry_at: Date | null }[]>()) {
      expect(job.max_attempts - job.attempt_number).toBeGreaterThanOrEqual(2);
      expect(job.status === 'queued' || job.next_retry_at !== null).toBe(true);
    }
    await jobs.clone().update({ status: 'cancelled', completed_at: queued.knex.fn.now(), next_retry_at: null });
  });

  test('ends when it had nothing to do for so long', { timeout: 60_000 }, async () => {
    expect((await work(queued, '--idle-exit', '1s')).code).toBe(0);
  });
});

describe('an export that is left to a worker', () => {
  test('is written where it was asked for, under the id of its job', { timeout: 120_000 }, async () => {
    const out = join(folder, 'events.csv');
    const left = await hs(queued, 'export', 'events', '--out', out, '--queue', '--json', '--db', queued.url);
    expect(left.code).toBe(0);
    const { job_id } = (JSON.parse(left.stdout) as { item: { job_id: string } }).item;
    expect(existsSync(out)).toBe(false);
    expect((await work(queued, '--once', '--queues', 'export')).code).toBe(0);
    expect(existsSync(out)).toBe(true);
    expect(await queued.knex('jobs').where({ id: job_id }).first()).toMatchObject({ status: 'completed', attempt_number: 1 });
    expect(await queued.knex('export_jobs').where({ id: job_id }).first()).toMatchObject({ status: 'completed', output_path: out });
    const stored = JSON.stringify(await queued.knex('jobs').where({ id: job_id }));
    expect(stored).not.toContain(queued.url);
  });

  test.each([['--out', '-'], ['--out=-'], ['--out', '/tmp/x.csv', '--ids=-']])(
    'cannot go to standard output, nor come from input: %s %s',
    async (...words) => {
      const { code, stderr } = await hs(queued, 'export', 'events', '--queue', ...words);
      expect(code).toBe(2);
      expect(stderr).toContain('standard');
    },
  );

  test('that cannot be done fails with the reason, and is not tried again', { timeout: 60_000 }, async () => {
    const out = join(folder, 'no-such-folder', 'events.csv');
    const left = await hs(queued, 'export', 'events', '--out', out, '--queue', '--json');
    const { job_id } = (JSON.parse(left.stdout) as { item: { job_id: string } }).item;
    expect((await work(queued, '--once', '--queues', 'export')).code).toBe(3);
    const job = await queued.knex('jobs').where({ id: job_id }).first<{ error_message: string }>();
    expect(job).toMatchObject({ status: 'failed', next_retry_at: null });
    expect(job.error_message).toContain('no-such-folder');
  });
});
