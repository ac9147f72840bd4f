import { once } from 'node:events';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { lockRoots } from '../../src/db/folder-locks.ts';
import { openLockSession } from '../../src/db/locks.ts';
import { differences } from '../faults/differences.ts';
import { drawClip } from '../faults/draw-footage.ts';
import { findViolations } from '../faults/find-violations.ts';
import { createIngestSandbox, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { place } from '../faults/mixed-footage.ts';
import { readNormalisedRows, type NormalisedRows } from '../faults/stored-rows.ts';

const CLIPS = 6;

let footage = '';
let origin: IngestSandbox;
let undisturbed: NormalisedRows;
let sandbox: IngestSandbox;

beforeAll(async () => {
  origin = await createIngestSandbox();
  footage = await realpath(origin.folder).then((folder) => join(folder, 'footage'));
  for (let part = 0; part < CLIPS; part += 1) {
    const figures = [{ x: '5+5*T', y: '40', width: 16, height: 40 }];
    await place(
      join(footage, `gate/20260114_0815${String(4 * part).padStart(2, '0')}.mp4`),
      await drawClip({ name: 'clip.mp4', figures, seconds: 4, fromS: 4 * part }),
    );
  }
  expect((await origin.ingest([footage])).code).toBe(0);
  undisturbed = await readNormalisedRows(origin.db.knex, footage);
});

afterAll(() => origin.dispose());

beforeEach(async () => {
  sandbox = await createIngestSandbox();
});

afterEach(() => sandbox.dispose());

async function expectUndisturbed(): Promise<void> {
  expect(differences(undisturbed, await readNormalisedRows(sandbox.db.knex, footage))).toEqual([]);
  expect(await findViolations(sandbox.db.knex)).toEqual([]);
}

test('--limit ends with 8 while work is left, and the same command goes on until all is done', async () => {
  const codes: (number | null)[] = [];
  const finished: (number | undefined)[] = [];
  for (let run = 0; run < 3; run += 1) {
    const { code, report } = await sandbox.ingest([footage, '--limit', '4']);
    codes.push(code);
    finished.push(report.tally['finished']);
  }
  expect({ codes, finished }).toEqual({ codes: [8, 0, 0], finished: [4, 2, 0] });
  await expectUndisturbed();
});

test('--max-duration neither lists nor starts a file after its end and ends with 8; the next run does the rest', async () => {
  const { code, report } = await sandbox.ingest([footage, '--max-duration', '0.001s']);
  expect({ code, stoppedBy: report.stopped_by, finished: report.tally['finished'] }).toEqual({
    code: 8,
    stoppedBy: 'deadline',
    finished: 0,
  });
  expect(await sandbox.db.knex('media_files').pluck('status')).toEqual([]);
  expect((await sandbox.ingest([footage])).code).toBe(0);
  await expectUndisturbed();
});

async function startTimes(): Promise<string[]> {
  const times = await sandbox.db.knex('media_files').orderBy('path').pluck<Date[]>('captured_at');
  return times.map((time) => time.toISOString());
}

test('--time-step gives each file its place in the order, also those that a later run takes', async () => {
  const args = [footage, '--time', '2026-02-01T10:00:00Z', '--time-step', '60'];
  for (const limit of [2, 3, 9]) await sandbox.ingest([...args, '--limit', String(limit)]);
  expect(await startTimes()).toEqual([0, 1, 2, 3, 4, 5].map((minute) => `2026-02-01T10:0${String(minute)}:00.000Z`));
});

test('--time-sequential lets each file begin where the one before ended, over several runs too', async () => {
  const args = [footage, '--time', '2026-02-01T10:00:00Z', '--time-sequential'];
  for (const limit of [1, 3, 9]) await sandbox.ingest([...args, '--limit', String(limit)]);
  expect(await startTimes()).toEqual([0, 4, 8, 12, 16, 20].map((second) => `2026-02-01T10:00:${String(second).padStart(2, '0')}.000Z`));
});

test('--time alone is for one file', async () => {
  const [file = ''] = undisturbed.files.map((one) => join(footage, (one as { path: string }).path));
  await sandbox.ingest([file, '--time', '2026-02-01T10:00:00+01:00']);
  expect(await startTimes()).toEqual(['2026-02-01T09:00:00.000Z']);
  expect(await sandbox.db.knex('media_files').pluck('captured_at_source')).toEqual(['flag']);
});

test.each([
  ['several files', ['--time', '2026-02-01T10:00:00Z']],
  ['a step without a time', ['--time-step', '60']],
  ['a sequence without a time', ['--time-sequential']],
  ['step and sequence', ['--time', '2026-02-01T10:00:00Z', '--time-step', '60', '--time-sequential']],
  ['a step of nothing', ['--time', '2026-02-01T10:00:00Z', '--time-step', '0']],
  ['a step that is no number', ['--time', '2026-02-01T10:00:00Z', '--time-step', 'often']],
  ['no time at all', ['--time', 'yesterday', '--time-sequential']],
  ['a time in the future', ['--time', '2126-02-01T10:00:00Z', '--time-sequential']],
  ['a time before cameras', ['--time', '1904-01-01T00:00:00Z', '--time-sequential']],
  ['an unknown layout', ['--layout', 'mine']],
  ['a sample mode', ['--sample', 'sometimes']],
  ['a limit of nothing', ['--limit', '0']],
  ['no length of time', ['--max-duration', 'long']],
])('%s: a usage error before anything is written', async (_, args) => {
  const { code, stdout, stderr } = await sandbox.hs(['ingest', footage, '--detector', 'motion', ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.length).toBeLessThan(500);
  expect(await sandbox.db.knex('media_files').count({ rows: '*' })).toEqual([{ rows: 0 }]);
});

test.each([
  ['that is not there', '/nonexistent/footage'],
  ['that is no folder', '/dev/null'],
])('a path %s is a usage error', async (_, path) => {
  expect((await sandbox.hs(['ingest', path])).code).toBe(2);
});

test('overlapping folders are worked on by one run at a time: 11, or waiting with --lock-wait', async () => {
  const session = await openLockSession(sandbox.db.database);
  await lockRoots(session, [footage], 0);
  for (const root of [footage, join(footage, 'gate'), join(footage, '..')]) {
    const { code, stderr } = await sandbox.hs(['ingest', root, '--detector', 'motion']);
    expect({ root, code }).toEqual({ root, code: 11 });
    expect(stderr).toContain('--lock-wait');
  }
  const sibling = join(footage, '../sibling');
  await mkdir(sibling, { recursive: true });
  expect((await sandbox.ingest([sibling])).code).toBe(0);
  const waiting = sandbox.ingest([join(footage, 'gate'), '--lock-wait', '60', '--camera', 'gate']);
  await sleep(2_500);
  expect(await sandbox.db.knex('media_files').count({ rows: '*' })).toEqual([{ rows: 0 }]);
  await session.close();
  expect(await waiting).toMatchObject({ code: 0, report: { tally: { finished: CLIPS } } });
});

test('two runs on the same folder at once: one works, the other one is told to wait', async () => {
  const both = await Promise.all([1, 2].map(() => sandbox.hs(['ingest', footage, '--detector', 'motion', '--workers', '1'])));
  expect(both.map(({ code }) => code).sort()).toEqual([0, 11]);
  await expectUndisturbed();
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s: files under way are finished, the summary comes, the exit code is %i; the next run completes',
  async (signal, exitCode) => {
    const child = sandbox.start(['ingest', footage, '--detector', 'motion', '--workers', '1']);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const closed = once(child, 'close');
    await waitFor(async () => (await sandbox.db.knex('media_files').where({ status: 'done' })).length > 0);
    child.kill(signal);
    const [code] = (await closed) as [number];
    expect({ code, stderr: stderr.includes('Error') }).toEqual({ code: exitCode, stderr: false });
    expect(stdout).toMatch(/^analysed +\d+ files/m);
    const rows = await sandbox.db.knex('media_files').pluck<string[]>('status');
    expect(rows.filter((status) => status !== 'done' && status !== 'pending')).toEqual([]);
    expect(await sandbox.db.knex('jobs').pluck('status')).toEqual(['cancelled']);
    expect(await sandbox.db.knex('runs').pluck('exit_code')).toEqual([exitCode]);
    expect(await findViolations(sandbox.db.knex)).toEqual([]);
    expect((await sandbox.ingest([footage])).code).toBe(0);
    await expectUndisturbed();
  },
);

test('a stop request while files are still being listed ends with a summary too', async () => {
  const child = sandbox.start(['ingest', footage, '--detector', 'motion', '--workers', '1']);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const closed = once(child, 'close');
  await waitFor(async () => (await sandbox.db.knex('runs')).length > 0);
  child.kill('SIGINT');
  expect((await closed)[0]).toBe(130);
  expect(stdout).toMatch(/^found +\d+ files/m);
  expect((await sandbox.ingest([footage])).code).toBe(0);
  await expectUndisturbed();
});

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 1_000; turn += 1) {
    if (await condition()) return;
    await sleep(20);
  }
  throw new Error('waited in vain');
}

test('log_level says what reaches the log of the program; the log of the job keeps all', async () => {
  const clip = join(sandbox.footage, 'gate/20260114_081500.mp4');
  await place(clip, Buffer.from('this is no video'));
  expect((await sandbox.ingest([sandbox.footage], { env: { HS_LOG_LEVEL: 'error' } })).code).toBe(3);
  expect(await sandbox.db.knex('logs').where({ level: 'warning' })).toEqual([]);
  expect(await sandbox.db.knex('job_logs').where({ level: 'warning' })).not.toEqual([]);
});
