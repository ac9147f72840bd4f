import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { ENGINE_SCHEMA } from '../../../src/db/engine/job-engine.ts';
import type { ScheduleRow } from '../../../src/db/models/schedules.ts';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { finish } from '../../../src/jobs/ledger/finish.ts';
import { openLedger, type Ledger } from '../../../src/jobs/ledger/ledger.ts';
import { fireDueSchedules } from '../../../src/jobs/schedules/fire-due-schedules.ts';
import { addSchedule, listSchedules, removeSchedules, type AddScheduleOptions } from '../../../src/services/schedules/edit-schedules.ts';
import { createTestLedger, deleteJobs, takeJob, type TestLedger } from '../../helpers/ledger.ts';

let own: TestLedger;
let ledger: Ledger;

beforeAll(async () => {
  own = await createTestLedger();
  ledger = own.ledger;
});

afterAll(() => own.drop());

beforeEach(async () => {
  await own.knex('schedules').delete();
  await deleteJobs(own.knex);
});

function add(name: string, patch: Partial<AddScheduleOptions> = {}) {
  const when = { cron: '30 2 * * *', zone: 'Europe/Berlin', missed: 'once' } as const;
  return addSchedule(own.knex, { name, ...when, jobType: 'check', argv: ['check'], cwd: '/', actor: 'Ann', ...patch });
}

/** As if its time had come so long ago. */
async function makeDue(name: string, seconds: number): Promise<void> {
  await own
    .knex('schedules')
    .where({ name })
    .update({ next_due_at: own.knex.raw(`now() - ? * interval '1 s'`, [seconds]) });
}

async function rowOf(name: string): Promise<ScheduleRow> {
  const row = await own.knex<ScheduleRow>('schedules').where({ name }).first();
  if (row === undefined) throw new Error(`no schedule ${name}`);
  return row;
}

async function doOne(): Promise<string> {
  const claimed = await takeJob(own, ['command']);
  await finish(ledger, claimed, { result: { exit_code: 0 } });
  return claimed.job.id;
}

const outcomeOf = async (name: string) => (await listSchedules(own.knex)).find((one) => one.name === name)?.last_outcome;

test('nothing is due, nothing happens; also without any schedule', async () => {
  expect(await fireDueSchedules(ledger)).toBe(0);
  await add('nightly');
  expect(await fireDueSchedules(ledger)).toBe(0);
  expect(await own.knex('jobs')).toEqual([]);
  expect(await outcomeOf('nightly')).toBeNull();
});

test('a time that is due becomes one job, whoever of many workers looks, and the next time is set', async () => {
  await add('nightly', { argv: ['ingest', '/footage'], jobType: 'ingest', cwd: '/srv' });
  await makeDue('nightly', 5);
  const due = (await rowOf('nightly')).next_due_at;
  const ledgers = await Promise.all(Array.from({ length: 6 }, () => openLedger(own.knex)));
  try {
    const fired = await Promise.all([...ledgers, ...ledgers].map(fireDueSchedules));
    expect(fired.reduce((sum, one) => sum + one)).toBe(1);
  } finally {
    await Promise.all(ledgers.map((one) => one.close()));
  }
  const jobs = await own.knex('jobs');
  expect(jobs).toMatchObject([
    {
      queue_name: 'command',
      job_type: 'ingest',
      status: 'queued',
      payload: { argv: ['ingest', '/footage'], cwd: '/srv', schedule: 'nightly' },
    },
  ]);
  const row = await rowOf('nightly');
  expect(row).toMatchObject({ last_due_at: due, last_fate: 'queued', last_job_id: (jobs as { id: string }[])[0]?.id });
  expect(row.next_due_at.getTime()).toBeGreaterThan(Date.now());
  expect(await outcomeOf('nightly')).toBe('queued');
  await doOne();
  expect(await outcomeOf('nightly')).toBe('completed');
});

test('a time that comes while the one before waits or runs is left out; after that it runs again', async () => {
  await add('often', { cron: '* * * * *' });
  await makeDue('often', 1);
  expect(await fireDueSchedules(ledger)).toBe(1);
  await makeDue('often', 1);
  expect(await fireDueSchedules(ledger)).toBe(0);
  expect(await outcomeOf('often')).toContain('left out');
  const claimed = await takeJob(own, ['command']);
  await makeDue('often', 1);
  expect(await fireDueSchedules(ledger)).toBe(0);
  expect((await rowOf('often')).last_job_id).toBe(claimed.job.id);
  await finish(ledger, claimed, { result: {} });
  await makeDue('often', 1);
  expect(await fireDueSchedules(ledger)).toBe(1);
});

test.each([
  ['once', 3 * 86_400, 1, 'queued'],
  ['once', 5, 1, 'queued'],
  ['skip', 55, 1, 'queued'],
  ['skip', 65, 0, 'missed: no worker was there'],
  ['skip', 3 * 86_400, 0, 'missed: no worker was there'],
] as const)('with --missed %s a time of %i s ago gives %i jobs, however many were missed since', async (missed, seconds, jobs, outcome) => {
  await add('nightly', { missed, cron: '* * * * *' });
  await makeDue('nightly', seconds);
  expect(await fireDueSchedules(ledger)).toBe(jobs);
  expect(await fireDueSchedules(ledger)).toBe(0);
  expect(await own.knex('jobs')).toHaveLength(jobs);
  expect(await outcomeOf('nightly')).toBe(outcome);
  const { next_due_at: next } = await rowOf('nightly');
  expect(next.getTime() - Date.now()).toBeGreaterThan(-1000);
  expect(next.getTime() - Date.now()).toBeLessThanOrEqual(60_000);
});

test('schedules outlive the schema of the engine', async () => {
  await add('nightly');
  await makeDue('nightly', 5);
  await own.knex.raw(`DROP SCHEMA ${ENGINE_SCHEMA} CASCADE`);
  expect(await fireDueSchedules(ledger)).toBe(1);
  await doOne();
  expect(await outcomeOf('nightly')).toBe('completed');
});

test('what failed, and jobs that are gone, show in the list', async () => {
  await add('nightly');
  await makeDue('nightly', 5);
  await fireDueSchedules(ledger);
  await own
    .knex('jobs')
    .update({ status: 'failed', error_message: 'no postgresql://hs:secret@db/hs', completed_at: new Date(), started_at: new Date() });
  expect(await outcomeOf('nightly')).toBe('failed: no postgresql://***@db/hs');
  await own.knex('jobs').delete();
  expect(await outcomeOf('nightly')).toBe('job removed');
});

test('adding and removing leave audit rows; names are taken once', async () => {
  const added = await add('audited', { argv: ['report', 'daily', '--out', "a b's.html"] });
  expect(added).toMatchObject({ name: 'audited', command: `hs report daily --out 'a b'\\''s.html'`, last_outcome: null });
  expect(added.next_due).toMatch(/T02:30\+0[12]:00$/);
  expect(added.warnings.join('\n')).toMatch(/show 02:30 twice[^]*skip 02:30|skip 02:30[^]*show 02:30 twice/);
  await expect(add('audited')).rejects.toMatchObject({ exitCode: 2, code: 'schedule_conflict' });
  await expect(removeSchedules(own.knex, { names: ['audited', 'audtied'], actor: 'Bob' })).rejects.toThrow('"audtied"');
  expect(await listSchedules(own.knex)).toHaveLength(1);
  await removeSchedules(own.knex, { names: ['audited', 'audited'], actor: 'Bob' });
  const audit = own.knex('audit_logs').where({ resource_type: 'schedule', resource_id: 'audited' }).orderBy('id');
  expect(await audit.select('action', 'actor', 'details')).toMatchObject([
    { action: 'settings_changed', actor: 'Ann', details: { created: { cron: '30 2 * * *' } } },
    { action: 'settings_changed', actor: 'Bob', details: { deleted: { cron: '30 2 * * *' } } },
  ]);
});

test.each([
  [{ name: '' }, 'is no name'],
  [{ name: '-x' }, 'is no name'],
  [{ name: 'a b' }, 'is no name'],
  [{ name: 'x'.repeat(65) }, 'is no name'],
  [{ zone: 'Berlin' }, 'is not a time zone'],
  [{ cron: '' }, 'has not five fields'],
  [{ cron: '61 * * * *' }, '--cron "61 * * * *"'],
  [{ cron: '0 0 30 2 *' }, '--cron "0 0 30 2 *"'],
  [{ cron: `${'1,'.repeat(200)}1 * * * *` }, 'longer than 200'],
])('%j cannot be added', async (patch, reason) => {
  await expect(add('x', patch)).rejects.toThrow(reason);
  expect(await listSchedules(own.knex)).toEqual([]);
});

test.each([
  [{ name: 'a b' }, 'ck_schedules_name'],
  [{ missed: 'twice' }, 'ck_schedules_missed'],
  [{ last_fate: 'lost', last_due_at: new Date() }, 'ck_schedules_last_fate'],
  [{ last_fate: 'missed' }, 'ck_schedules_last_due'],
  [{ argv: '[]' }, 'ck_schedules_argv'],
  [{ argv: '{}' }, 'ck_schedules_argv'],
  [{ last_job_id: uuidV7() }, 'fk_schedules_last_job_id'],
])('the database takes no row with %j', async (patch, constraint) => {
  await add('good');
  await expect(own.knex('schedules').update(patch)).rejects.toThrow(constraint);
});
