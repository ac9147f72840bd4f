import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { verifyBackup } from '../../src/services/backup/verify-backup.ts';
import { showJob } from '../../src/services/jobs/show-job.ts';
import { drawClip } from '../faults/draw-footage.ts';
import { findViolations } from '../faults/find-violations.ts';
import { createIngestSandbox, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { place } from '../faults/mixed-footage.ts';

/** Where whoever orders stands: the worker stands somewhere else. */
let folder: string;
let sandbox: IngestSandbox;
let orders: Record<string, Queued>;

type Queued = { job_id: string; queue: string; already: boolean };
type Job = { status: string; progress_percent: number; error_message: string | null; result: Record<string, unknown> };

const LIMIT_MS = 240_000;
const ORDERED_BY = { HS_ACTOR: 'Ann' };

/** What is left to workers, and the queue it goes to. Files go to `queued`, those of the same command done directly to `direct`. */
const COMMANDS: readonly (readonly [string, string[], string])[] = [
  ['analyze', ['analyze'], 'risk'],
  ['baselines', ['baselines', 'rebuild'], 'derive'],
  ['backup', ['backup', 'create', '--out', 'queued/backup.zip'], 'export'],
  ['clip', ['events', 'clip', '1', '--mode', 'encode', '--out', 'queued/clip.mp4'], 'export'],
  ['crop', ['detections', 'crop', '1', '2', '--out', 'queued/crops'], 'export'],
  ['evidence', ['evidence', 'create', '--event', '1', '--out', 'queued/case.zip', '--json'], 'export'],
  ['entities', ['entities', 'update'], 'detect'],
  ['report', ['report', 'daily', '--out', 'queued/day.html'], 'export'],
];

beforeAll(async () => {
  sandbox = await createIngestSandbox();
  folder = join(sandbox.folder, 'desk');
  for (const made of ['queued', 'direct']) await mkdir(join(folder, made, 'crops'), { recursive: true });
  const clip = await drawClip({ name: 'clip.mp4', figures: [{ x: '10+9*T', y: '40', width: 16, height: 40 }], seconds: 4 });
  await place(join(sandbox.footage, 'gate/20260114_020000.mp4'), clip);
  expect((await sandbox.ingest([sandbox.footage, '--no-analyze'])).code).toBe(0);
  await sandbox.db.knex('baseline_states').delete();
  // The first one sets up the queue.
  const [first, ...others] = COMMANDS.map(([, words]) => [...words.filter((word) => word !== '--json'), '--queue']);
  const left = [await leave(first ?? []), ...(await Promise.all(others.map(leave)))];
  orders = Object.fromEntries(COMMANDS.map(([name], index) => [name, left[index]!]));
}, LIMIT_MS);

afterAll(() => sandbox.dispose());

const at = (name: string): string => join(folder, name);
const hs = (words: readonly string[], env: Readonly<Record<string, string>> = ORDERED_BY) => sandbox.hs(words, env, folder);

async function json<Item>(words: readonly string[]): Promise<Item> {
  const { stdout, stderr } = await hs([...words, '--json']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Item;
}

const wordsOf = (name: string): string[] => COMMANDS.find(([of]) => of === name)?.[1] ?? [];
const leave = async (words: readonly string[]): Promise<Queued> => (await json<{ item: Queued }>(words)).item;
const jobOf = async (name: string): Promise<Job> =>
  sandbox.db
    .knex('jobs')
    .where({ id: orders[name]?.job_id ?? '' })
    .first();
/** The same, done at once into another file. */
const directly = (name: string) => hs(wordsOf(name).map((word) => word.replace('queued/', 'direct/')));

test('each goes to the queue of those who have what it needs', () => {
  expect(Object.values(orders).map(({ queue, already }) => [queue, already])).toEqual(COMMANDS.map(([, , queue]) => [queue, false]));
});

test('the same order again is the same job, whoever gives it and however it is to be told', async () => {
  const { code, stdout } = await hs([...wordsOf('clip'), '--actor', 'Bob', '--quiet', '--queue']);
  expect([code, stdout]).toEqual([0, expect.stringContaining(`job ${orders['clip']?.job_id ?? ''} in queue export does this already`)]);
});

test.each([
  [['events', 'clip', '-', '--queue'], 'without standard input'],
  [['report', 'daily', '--queue'], '--out'],
  [['analyze', '--queue', '--dry-run'], '--dry-run'],
  [['events', 'clip', 'first', '--queue'], '"first"'],
])('%j cannot be left to a worker', async (words, reason) => {
  const { code, stderr } = await hs(words);
  expect(code).toBe(2);
  expect(stderr).toContain(reason);
});

describe('when a worker has done it', () => {
  beforeAll(async () => {
    const { code, stderr } = await sandbox.hs(['worker', '--once', '--concurrency', '3'], { HS_ACTOR: 'worker' });
    expect(code, stderr).toBe(3);
  }, LIMIT_MS);

  test('all is done but what needs a model that is not there, and says so as the command does', async () => {
    const { knex } = sandbox.db;
    const failed = await knex('jobs').whereNot({ status: 'completed' });
    expect(failed).toMatchObject([{ id: orders['entities']?.job_id, status: 'failed', attempt_number: 1, next_retry_at: null }]);
    const { code, stderr } = await directly('entities');
    expect(code).toBe(6);
    expect((failed as Job[])[0]?.error_message).toBe(stderr.trim());
    for (const name of Object.keys(orders).filter((one) => one !== 'entities'))
      expect(await jobOf(name), name).toMatchObject({ progress_percent: 100, result: { exit_code: 0 } });
    expect(await findViolations(knex)).toEqual([]);
  });

  test('events are rated and what is usual is known as the command would have it', async () => {
    expect(await jobOf('analyze')).toMatchObject({ result: { analysed: 1 } });
    expect(await json(['analyze', '--rescore', '--diff', '--dry-run'])).toMatchObject({ items: [], analysed: 1, changed: 0 });
    expect(await sandbox.db.knex('events').pluck('risk_source')).toEqual(['rules']);
    expect(await sandbox.db.knex('baseline_states')).not.toEqual([]);
    expect((await hs(['baselines', 'rebuild', '--verify'])).code).toBe(0);
  });

  test('files lie where they were asked for, for their owner alone, and hold what the command writes', async () => {
    const done = await Promise.all(['clip', 'crop', 'report'].map(directly));
    expect(done.map(({ code }) => code)).toEqual([0, 0, 0]);
    const crops = (await readdir(at('direct/crops'))).map((name) => `crops/${name}`);
    expect(crops).toHaveLength(2);
    for (const name of ['clip.mp4', 'day.html', ...crops]) {
      expect((await stat(at(`queued/${name}`))).mode & 0o777, name).toBe(0o600);
      expect((await readFile(at(`queued/${name}`))).equals(await readFile(at(`direct/${name}`))), name).toBe(true);
    }
  });

  test('backups and evidence are whole', async () => {
    const backup = await verifyBackup(at('queued/backup.zip'), { signal: new AbortController().signal });
    expect(backup.rows).toBe((await jobOf('backup')).result['rows']);
    const queued = createHash('sha256').update(await readFile(at('queued/case.zip')));
    const { item } = JSON.parse((await directly('evidence')).stdout) as { item: { events: number; files: number } };
    expect((await jobOf('evidence')).result).toMatchObject({ events: 1, files: item.files, missing: [], sha256: queued.digest('hex') });
  });

  test('whoever ordered it is recorded as having done it', async () => {
    const { knex } = sandbox.db;
    const actors = await knex('audit_logs')
      .whereIn(
        'resource_id',
        Object.values(orders).map(({ job_id }) => job_id),
      )
      .distinct<{ resource_type: string; actor: string }[]>('resource_type', 'actor')
      .orderBy('resource_type');
    expect(actors).toEqual([
      { resource_type: 'backup', actor: 'Ann' },
      { resource_type: 'export', actor: 'Ann' },
    ]);
    expect(await showJob(knex, orders['backup']?.job_id ?? '')).toMatchObject({ requested_by: 'Ann' });
  });
});

test('what is to compute on a GPU goes to those who have one', async () => {
  expect(await leave(['entities', 'rebuild', '--device', 'cuda', '--queue'])).toMatchObject({ queue: 'detect-gpu', already: false });
  expect(await leave(['backup', 'create', '--out', 'gpu.zip', '--queue'])).toMatchObject({ queue: 'export' });
});
