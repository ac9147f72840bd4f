import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockWorker, openLockSession } from '../../src/db/locks.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { drawStill } from '../faults/draw-footage.ts';
import { findViolations } from '../faults/find-violations.ts';
import { createIngestSandbox, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { place } from '../faults/mixed-footage.ts';

const LIMIT_MS = 120_000;

let sandbox: IngestSandbox;

beforeAll(async () => {
  sandbox = await createIngestSandbox();
  const still = await drawStill([{ left: 8, top: 50, width: 14, height: 36 }]);
  await place(join(sandbox.footage, 'gate/20260114_080000.jpg'), still);
});

afterAll(() => sandbox.dispose());

type Item = Record<'name' | 'next_due' | 'last_due' | 'last_outcome' | 'last_job_id' | 'command', string | null>;

async function list(): Promise<Item[]> {
  return (JSON.parse((await sandbox.hs(['schedules', 'list', '--json'])).stdout) as { items: Item[] }).items;
}

test('a schedule is kept, done by a worker as one job, and shows what came of it', { timeout: LIMIT_MS }, async () => {
  const { knex } = sandbox.db;
  const page = join(sandbox.folder, 'day.html');
  const ingest = ['ingest', '--detector', 'motion', '--settle', '0', 'footage'];
  const added = [
    await sandbox.hs(['schedules', 'add', 'nightly', '--cron', '30 2 * * *', '--tz', 'Europe/Berlin', '--', ...ingest]),
    await sandbox.hs(['schedules', 'add', 'page', '--cron', '@daily', '--', 'hs', 'report', 'daily', '--out', page]),
    await sandbox.hs(['schedules', 'add', 'broken', '--cron', '@daily', '--', 'ingest', 'nowhere']),
  ];
  expect(added.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(added[0]?.stderr).toMatch(/clocks in Europe\/Berlin (skip|show) 02:30/);
  expect((await list()).map(({ name, last_outcome }) => [name, last_outcome])).toEqual([['broken', null], ['nightly', null], ['page', null]]); // prettier-ignore
  await knex('schedules').update({ next_due_at: knex.raw(`now() - interval '2 days'`) });
  const worked = await sandbox.hs(['worker', '--once', '--queues', 'command', '--concurrency', '1']);
  expect(worked.code, worked.stderr).toBe(3);
  const [broken, nightly, report] = await list();
  expect(nightly).toMatchObject({ last_outcome: 'completed', command: `hs ${ingest.join(' ')}` });
  expect(nightly?.next_due).toMatch(/T0[23]:30\+0[12]:00$/);
  expect(report).toMatchObject({ last_outcome: 'completed' });
  expect(broken?.last_outcome).toMatch(/^failed: .*nowhere/);
  expect(existsSync(page)).toBe(true);
  expect(await knex('media_files').pluck('status')).toEqual(['done']);
  const jobs = await knex('jobs').orderBy('job_type').select<{ id: string; job_type: string }[]>('id', 'job_type');
  expect(
    jobs.map((job) => job.job_type),
    'no job beside those of the schedules',
  ).toEqual(['ingest', 'ingest', 'report']);
  expect(jobs.map(({ id }) => id)).toContain(nightly?.last_job_id);
  expect(await findViolations(knex)).toEqual([]);
  expect((await sandbox.hs(['schedules', 'remove', 'nightly', 'page', 'broken'])).code).toBe(0);
  expect(await list()).toEqual([]);
});

test('prune runs while workers do that wait for work', { timeout: LIMIT_MS }, async () => {
  const { knex, database } = sandbox.db;
  const idle = await openLockSession(database);
  await lockWorker(idle, uuidV7());
  const prune = ['prune', '--apply', '--table', 'logs', '--lock-wait', '60'];
  expect((await sandbox.hs(['schedules', 'add', 'tidy', '--cron', '@weekly', '--', ...prune])).code).toBe(0);
  await knex('schedules').update({ next_due_at: knex.raw('now()') });
  const { code, stderr } = await sandbox.hs(['worker', '--once', '--queues', 'command']);
  expect(code, stderr).toBe(0);
  expect((await list())[0]).toMatchObject({ name: 'tidy', last_outcome: 'completed' });
  expect(await knex('jobs').where({ job_type: 'retention' }).pluck('attempt_number')).toEqual([1]);
  await idle.close();
  expect((await sandbox.hs(['schedules', 'remove', 'tidy'])).code).toBe(0);
});

test.each([
  [['--cron', '@daily', '--', 'check'], 'give one name before --'],
  [['x', '--cron', '@daily', '--', 'rm', '-rf', '/'], '"rm" is not a command of hs'],
  [['x', '--cron', '@daily', '--', 'prune'], 'give --apply'],
  [['x', '--cron', '@daily', '--', 'prune', '--apply', '--force'], 'never removes more than half'],
  [['x', '--cron', '@daily', '--', 'ingest', '--limti', '3', '/f'], 'Nonexistent flag: --limti'],
  [['x', '--cron', '@daily', '--', 'ingest'], 'Missing 1 required arg: path'],
  [['x', '--cron', '@daily', '--', 'check', '--db', 'postgresql://hs:pw@h/d'], 'leave --db out'],
  [['x', '--cron', '@daily', '--', 'report', 'daily'], 'name a file with --out'],
])('%j cannot be added', async (args, reason) => {
  const { code, stdout, stderr } = await sandbox.hs(['schedules', 'add', ...args]);
  expect(stderr).toContain(reason);
  expect(stderr).not.toContain('hs:pw');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});
