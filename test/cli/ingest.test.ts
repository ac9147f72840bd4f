import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cutShort, drawClip, drawStill } from '../faults/draw-footage.ts';
import { findViolations } from '../faults/find-violations.ts';
import { createIngestSandbox, type IngestResult, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { place } from '../faults/mixed-footage.ts';
import { dumpStore } from '../faults/stored-rows.ts';
import { parseCsv } from '../helpers/parse-csv.ts';

const WALKER = { x: '10+9*T', y: '40', width: 16, height: 40 };
const REAL_FILES = 7;

let sandbox: IngestSandbox;
let failedList = '';
let first: IngestResult;

beforeAll(async () => {
  sandbox = await createIngestSandbox();
  const { footage } = sandbox;
  failedList = join(sandbox.folder, 'failed.tsv');
  for (const part of [0, 1, 2]) {
    await place(
      join(footage, `Front Door/20260114_08150${String(4 * part)}.mp4`),
      await drawClip({ name: 'clip.mp4', figures: [WALKER], seconds: 4, fromS: 4 * part }),
    );
  }
  const torn = await drawClip({ name: 'clip.mkv', figures: [WALKER], seconds: 4, fromS: 3 });
  await place(join(footage, 'Front Door/20260114_091500.mkv'), await cutShort(torn, 0.8));
  const still = await drawStill([{ left: 40, top: 30, width: 20, height: 40 }]);
  await place(join(footage, 'yard/20260114_100000.jpg'), still);
  await place(join(footage, 'yard/20260114_100010.jpg'), await drawStill([{ left: 90, top: 30, width: 20, height: 40 }]));
  await place(join(footage, 'yard/20260114_100020.jpg'), still.subarray(0, still.length * 0.6));
  await place(join(footage, 'yard/20260114_100100.jpg'), Buffer.alloc(0));
  await place(join(footage, 'yard/20260114_100200.jpg'), Buffer.alloc(60, 1));
  await place(join(footage, 'yard/20260114_100300.avi'), Buffer.from(`<html>${'x'.repeat(400)}</html>`));
  await place(join(footage, 'yard/notes.txt'), Buffer.from('not footage, and no word about it'));
  first = await sandbox.ingest([footage, '--failed-list', failedList]);
});

afterAll(() => sandbox.dispose());

function codesOf({ report }: IngestResult): Record<string, [status: string, code: string]> {
  return Object.fromEntries(report.problems.map(({ path, status, code }) => [path.slice(sandbox.footage.length + 1), [status, code]]));
}

test('a folder of footage comes in whole; damaged files are named with their reason and give exit code 3', () => {
  expect(first.code).toBe(3);
  expect(codesOf(first)).toEqual({
    'Front Door/20260114_091500.mkv': ['partial', 'truncated'],
    'yard/20260114_100020.jpg': ['partial', 'truncated'],
    'yard/20260114_100100.jpg': ['empty', 'zero_bytes'],
    'yard/20260114_100200.jpg': ['failed', 'too_small'],
    'yard/20260114_100300.avi': ['failed', 'not_media'],
  });
  expect(first.report.tally).toMatchObject({
    found: REAL_FILES + 3,
    finished: REAL_FILES,
    done: 5,
    partial: 2,
    failed: 2,
    empty: 1,
    inferences: 0,
  });
});

test('--failed-list holds path, status, code and reason of each of them', async () => {
  const lines = (await readFile(failedList, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  expect(lines.map(([path, status, code]) => [path, status, code]).sort()).toEqual(
    first.report.problems.map(({ path, status, code }) => [path, status, code]).sort(),
  );
  for (const line of lines) expect(line[3]).toBeTruthy();
});

test('what was seen can be listed and exported', async () => {
  const { stdout } = await sandbox.hs(['events', 'list', '--json']);
  const { items } = JSON.parse(stdout) as { items: { camera_id: string; started_at: string; object_types: string[] }[] };
  expect(items.map((item) => item.camera_id).sort()).toEqual(['front_door', 'front_door', 'yard']);
  const walk = items.find((item) => item.started_at.startsWith('2026-01-14T08:15'));
  expect(walk).toMatchObject({ camera_id: 'front_door', object_types: ['motion'] });
  const csv = await sandbox.hs(['export', 'events', '--format', 'csv', '--out', '-']);
  const [header, ...rows] = parseCsv(csv.stdout);
  expect(csv.code).toBe(0);
  expect(rows).toHaveLength(items.length);
  const startedAt = header?.indexOf('started_at') ?? -1;
  expect(rows.map((row) => row[startedAt]).sort()).toEqual(items.map((item) => item.started_at).sort());
});

test('job, attempt, transitions and log lines tell what happened', async () => {
  const { knex } = sandbox.db;
  const { job_id: jobId, run_id: runId } = first.report;
  expect(await knex('jobs').where({ id: jobId }).first()).toMatchObject({ job_type: 'ingest', status: 'completed', progress_percent: 100 });
  expect(await knex('job_attempts').where({ job_id: jobId })).toMatchObject([{ attempt_number: 1, status: 'succeeded', worker_id: runId }]);
  const moves = await knex('job_transitions').where({ job_id: jobId }).orderBy('transitioned_at');
  expect(moves.map((move: { from_status: string; to_status: string }) => [move.from_status, move.to_status])).toEqual([
    ['queued', 'running'],
    ['running', 'completed'],
  ]);
  const lines = await knex('job_logs').where({ job_id: jobId, level: 'warning' }).pluck<string[]>('message');
  for (const { path, code } of first.report.problems) expect(lines.some((line) => line.includes(path) && line.includes(code))).toBe(true);
  expect(await knex('runs').where({ id: runId }).first()).toMatchObject({ command: 'ingest', exit_code: 3, job_id: jobId });
  expect(await findViolations(knex)).toEqual([]);
});

test('a second run looks at nothing and changes no row', async () => {
  const before = await dumpStore(sandbox.db.knex);
  const again = await sandbox.ingest([sandbox.footage]);
  expect(again.code).toBe(0);
  expect(again.report.tally).toMatchObject({
    found: REAL_FILES + 3,
    known: REAL_FILES + 3,
    known_damaged: 5,
    taken: 0,
    finished: 0,
    frames: 0,
    inferences: 0,
  });
  expect(again.report.problems).toEqual([]);
  expect(await dumpStore(sandbox.db.knex)).toEqual(before);
});

test('--verify-hash reads everything and changes no row either, but for how often and when it was seen', async () => {
  const withoutSeen = async (): Promise<string[]> => {
    const { media_files: files = [], ...rest } = await dumpStore(sandbox.db.knex);
    const seen = /"(last_seen_at|run_id|attempts)": [^,}]*,? ?/g;
    return [...files.map((row) => row.replace(seen, '')), ...Object.values(rest).flat()];
  };
  const before = await withoutSeen();
  const again = await sandbox.ingest([sandbox.footage, '--verify-hash']);
  expect(again.report.tally).toMatchObject({ taken: 0, finished: 0, inferences: 0 });
  expect(await withoutSeen()).toEqual(before);
});

test('a dry run says what it would do and writes nothing at all', async () => {
  const other = await createIngestSandbox();
  try {
    const { code, report } = await other.ingest([sandbox.footage, '--dry-run']);
    expect(report.tally).toMatchObject({ found: REAL_FILES + 3, taken: REAL_FILES, finished: 0, frames: 0 });
    expect(code).toBe(3);
    for (const table of ['cameras', 'media_files', 'detections', 'events', 'runs', 'jobs', 'audit_logs', 'logs']) {
      expect(await other.db.knex(table).count({ rows: '*' }), table).toEqual([{ rows: 0 }]);
    }
  } finally {
    await other.dispose();
  }
});

test('--redo takes what it names again and ends in the same rows', async () => {
  const failed = await sandbox.ingest([sandbox.footage, '--redo', 'failed']);
  expect(failed.report.tally['finished']).toBe(0);
  const partial = await sandbox.ingest([sandbox.footage, '--redo', 'partial']);
  expect(partial.report.tally).toMatchObject({ taken: 2, finished: 2, partial: 2 });
  const eventIds = await sandbox.db.knex('events').orderBy('id').pluck<number[]>('id');
  const all = await sandbox.ingest([sandbox.footage, '--redo', 'all']);
  expect(all.code).toBe(3);
  expect(all.report.tally).toMatchObject({ taken: REAL_FILES, finished: REAL_FILES, detections: first.report.tally['detections'] });
  expect(await findViolations(sandbox.db.knex)).toEqual([]);
  expect(await sandbox.db.knex('events').orderBy('id').pluck<number[]>('id'), 'events keep their ids').toEqual(eventIds);
});

test('without footage --fail-on-empty gives 4, without the flag it is fine', async () => {
  const args = [sandbox.footage, '--include', '**/*.webm'];
  expect((await sandbox.ingest(args)).code).toBe(0);
  expect((await sandbox.ingest([...args, '--fail-on-empty'])).code).toBe(4);
});

test('people get a table with the same numbers', async () => {
  const { code, stdout } = await sandbox.hs(['ingest', sandbox.footage, '--detector', 'motion']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^found +10 files$/m);
  expect(stdout).toMatch(/^known +10 unchanged, 5 damaged before$/m);
});
