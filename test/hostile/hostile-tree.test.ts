import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createIngestSandbox, type IngestReport, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { findViolations } from '../faults/find-violations.ts';
import { dumpStore } from '../faults/stored-rows.ts';
import { keepGrowing, removeOnceListed, type MovingTarget } from './moving-targets.ts';
import { makeHostileTree, notesReads, secretsRead, type HostileTree } from './hostile-tree.ts';
import { isExpected, nameOf, outcomesOf } from './outcome-of.ts';
import { watchProcesses, worstOf, type ProcessPeak } from './watch-processes.ts';

const LIMIT_MS = 480_000;
/** Three hundred inputs on a machine that is slowed down to a third. */
const RUN_LIMIT_MS = 400_000;
/** Of one decoder process: no file may take longer. */
const FILE_LIMIT_S = 30;
const MEMORY_LIMIT_MB = 512;
/** Control characters other than line ends, and characters that turn the direction of text. */
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u2028\u202a-\u202e\u2066-\u2069\ufeff]/u;

type Run = { code: number | null; report: IngestReport; peaks: ProcessPeak[] };

let sandbox: IngestSandbox;
let tree: HostileTree;
let listener: Server;
let calls = 0;
let moving: { growing: MovingTarget; gone: MovingTarget };
let first: Run;

async function ingest(...args: string[]): Promise<Run> {
  const child = sandbox.start(['ingest', tree.root, '--detector', 'motion', '--workers', '2', '--json', ...args]);
  const watch = watchProcesses(child.pid ?? 0);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_LIMIT_MS);
  const code = await new Promise<number | null>((done) => child.on('close', done));
  clearTimeout(timer);
  if (stdout === '') throw new Error(`hs ingest ended with ${String(code)} and said: ${stderr}`);
  return { code, report: JSON.parse(stdout) as IngestReport, peaks: watch.stop() };
}

beforeAll(async () => {
  sandbox = await createIngestSandbox();
  listener = createServer((_, response) => {
    calls += 1;
    response.end('x');
  });
  listener.on('connection', () => (calls += 1));
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  tree = await makeHostileTree(sandbox.folder, `http://127.0.0.1:${String((listener.address() as AddressInfo).port)}`);
  moving = { growing: await keepGrowing(tree.root), gone: await removeOnceListed(tree.root, sandbox.db.knex) };
  first = await ingest('--failed-list', join(sandbox.folder, 'failed.txt'));
  await moving.growing.stop();
  await moving.gone.stop();
}, LIMIT_MS);

afterAll(async () => {
  listener.close();
  await sandbox.dispose();
});

describe('one run over everything (scale §4.1, bars 20 and 22)', () => {
  test('ends with code 3 and leaves nothing half done', async () => {
    expect(first.code).toBe(3);
    expect(await findViolations(sandbox.db.knex)).toEqual([]);
  });

  test('every input is taken in or listed with the true reason', async () => {
    const outcomes = await outcomesOf(tree, sandbox.db.knex, first.report.problems);
    process.stderr.write(`hostile and odd inputs: ${String(outcomes.size + moving.gone.paths.length + moving.growing.paths.length)}\n`);
    const wrong = [...outcomes].filter(([input, outcome]) => !isExpected(input, outcome));
    expect(wrong.map(([input, outcome]) => `${nameOf(input)}: ${outcome}, not ${input.outcomes.join(' or ')}`)).toEqual([]);
    expect(outcomes.size).toBeGreaterThan(300);
  });

  test('every reason is a sentence of its own, without the path and on one line', () => {
    for (const { message } of first.report.problems) expect(message).toMatch(/^[^\n]{5,400}$/);
  });

  test('a file that still grows is left for later, one that is gone says so', () => {
    const codeOf = (path: string): string | undefined => first.report.problems.find((problem) => problem.path === path)?.code;
    expect(moving.growing.paths.map(codeOf)).toEqual(moving.growing.paths.map(() => 'still_growing'));
    expect(moving.gone.paths.map(codeOf)).toEqual(moving.gone.paths.map(() => 'vanished'));
  });

  test('nothing outside the folder is read, and nobody is called', async () => {
    expect(calls).toBe(0);
    const { rows } = await sandbox.db.knex.raw<{ rows: { path: string }[] }>(
      `SELECT path FROM media_files WHERE path NOT LIKE ? OR (width, height) IN ((123, 77), (124, 78))`,
      [`${tree.root}/%`],
    );
    expect(rows).toEqual([]);
    if (await notesReads(sandbox.folder)) expect(await secretsRead(tree.outside)).toEqual([]);
    else process.stderr.write('skipped: this file system does not note when a file was read\n');
  });

  test.runIf(process.platform === 'linux')('no process holds more than 512 MB or decodes longer than 30 s', () => {
    const worst = worstOf(first.peaks);
    process.stderr.write(`${JSON.stringify(worst)}\n`);
    expect(worst['ffmpeg']?.count).toBeGreaterThan(5);
    expect(worst['analyse-worker']?.count).toBeGreaterThan(1);
    for (const { peakMb } of first.peaks) expect(peakMb).toBeLessThan(MEMORY_LIMIT_MB);
    for (const program of ['ffprobe', 'ffmpeg']) expect(worst[program]?.seconds).toBeLessThan(FILE_LIMIT_S);
  });
});

describe('after it', () => {
  test(
    'the next run takes what has stopped growing, and the one after it changes nothing at all',
    async () => {
      const second = await ingest();
      expect(second.report.tally).toMatchObject({ taken: moving.growing.paths.length });
      const before = await dumpStore(sandbox.db.knex);
      const third = await ingest();
      expect(third.report.tally).toMatchObject({ taken: 0, frames: 0, inferences: 0, detections: 0 });
      expect(await dumpStore(sandbox.db.knex)).toEqual(before);
      expect(third.code).toBe(3);
    },
    LIMIT_MS,
  );

  test(
    'summaries and lists show no control bytes',
    async () => {
      const { id: jobId } = (await sandbox.db.knex('jobs').where({ status: 'completed' }).first<{ id: string } | undefined>('id')) ?? {
        id: '',
      };
      const lists = [
        ['ingest', tree.root, '--dry-run', '--detector', 'motion'],
        ['ingest', join(tree.root, 'bad-names'), '--dry-run', '--verify-hash', '--detector', 'motion'],
        ['files', 'list', '--limit', '0'],
        ['files', 'list', '--limit', '0', '--failed'],
        ['cameras', 'list'],
        ['detections', 'list', '--limit', '0'],
        ['events', 'list', '--limit', '0'],
        ['jobs', 'list'],
        ['jobs', 'logs', jobId],
        ['runs', 'list'],
      ];
      for (const args of lists) {
        const { stdout, stderr } = await sandbox.hs(args, { NO_COLOR: '1' });
        expect(stdout, `hs ${args.join(' ')} said: ${stderr}`).not.toBe('');
        expect(UNSAFE.exec(stdout + stderr), `hs ${args.join(' ')}: ${stderr}`).toBeNull();
      }
    },
    LIMIT_MS,
  );
});
