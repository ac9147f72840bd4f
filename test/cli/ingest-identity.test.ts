import { appendFile, copyFile, mkdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { differences } from '../faults/differences.ts';
import { drawClip } from '../faults/draw-footage.ts';
import { findViolations } from '../faults/find-violations.ts';
import { createIngestSandbox, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { place } from '../faults/mixed-footage.ts';
import { dumpStore, readNormalisedRows } from '../faults/stored-rows.ts';

const NAME = '20260114_081500.mp4';

let sandbox: IngestSandbox;

beforeEach(async () => {
  sandbox = await createIngestSandbox();
});

afterEach(() => sandbox.dispose());

function clip(fromS = 0, name = 'clip.mp4'): Promise<string> {
  return drawClip({ name, figures: [{ x: '10+9*T', y: '40', width: 16, height: 40 }], seconds: 4, fromS });
}

/** A sandbox whose camera `gate` has one file that is already in. */
async function withOneFile(): Promise<string> {
  const path = join(sandbox.footage, 'gate', NAME);
  await place(path, await clip());
  const { code, report } = await sandbox.ingest([sandbox.footage]);
  expect(code).toBe(0);
  expect(report.changes.created).toBe(1);
  return path;
}

test('a file that was moved is the same file: its row follows, nothing is analysed', async () => {
  const path = await withOneFile();
  const before = await dumpStore(sandbox.db.knex);
  const moved = join(sandbox.footage, 'gate/archive', NAME);
  await mkdir(dirname(moved), { recursive: true });
  await rename(path, moved);
  const { report } = await sandbox.ingest([sandbox.footage]);
  expect(report.tally).toMatchObject({ moved: 1, taken: 0, frames: 0 });
  const { media_files: files, ...after } = await dumpStore(sandbox.db.knex);
  const { media_files: filesBefore, ...rest } = before;
  expect(after).toEqual(rest);
  expect([files?.length, filesBefore?.length]).toEqual([1, 1]);
  expect(await sandbox.db.knex('media_files').pluck('path')).toEqual([moved]);
});

test('a copy for the same camera and time is not done twice', async () => {
  const path = await withOneFile();
  const before = await dumpStore(sandbox.db.knex);
  const copy = join(sandbox.footage, 'gate/copies', NAME);
  await mkdir(dirname(copy), { recursive: true });
  await copyFile(path, copy);
  await utimes(copy, 1e9, 1e9);
  const { code, report } = await sandbox.ingest([sandbox.footage]);
  expect(code).toBe(0);
  expect(report.tally).toMatchObject({ copies: 1, taken: 0, frames: 0 });
  expect(await dumpStore(sandbox.db.knex)).toEqual(before);
});

test('two copies that come together are analysed once', async () => {
  await place(join(sandbox.footage, 'gate/a', NAME), await clip());
  await place(join(sandbox.footage, 'gate/b', NAME), await clip());
  const { report } = await sandbox.ingest([sandbox.footage]);
  expect(report.tally).toMatchObject({ found: 2, taken: 1, copies: 1, finished: 1 });
  expect(await sandbox.db.knex('media_files').count({ rows: '*' })).toEqual([{ rows: 1 }]);
});

test('the same bytes of another camera or another time are known as such and not analysed', async () => {
  await withOneFile();
  await place(join(sandbox.footage, 'yard', NAME), await clip());
  await place(join(sandbox.footage, 'gate/20260114_093000.mp4'), await clip());
  const { code, report } = await sandbox.ingest([sandbox.footage]);
  expect(code).toBe(0);
  expect(report.tally).toMatchObject({ duplicates: 2, taken: 0, frames: 0 });
  const rows = await sandbox.db
    .knex('media_files')
    .where({ status: 'skipped' })
    .orderBy('failure_code')
    .select('failure_code', 'camera_id');
  expect(rows).toEqual([
    { failure_code: 'duplicate_other_camera', camera_id: 'yard' },
    { failure_code: 'same_bytes_other_time', camera_id: 'gate' },
  ]);
  const before = await dumpStore(sandbox.db.knex);
  expect((await sandbox.ingest([sandbox.footage])).report.tally).toMatchObject({ known: 3, duplicates: 0 });
  expect(await dumpStore(sandbox.db.knex)).toEqual(before);
});

test('a file that has grown replaces what its shorter self had shown', async () => {
  const whole = await readFile(await clip(0, 'clip.mkv'));
  const path = join(sandbox.footage, 'gate/20260114_081500.mkv');
  await place(path, whole.subarray(0, Math.floor(whole.length * 0.8)));
  expect((await sandbox.ingest([sandbox.footage])).report.problems).toMatchObject([{ status: 'partial', code: 'truncated' }]);
  await appendFile(path, whole.subarray(Math.floor(whole.length * 0.8)));
  await utimes(path, new Date('2026-01-20'), new Date('2026-01-20'));
  const { code, report } = await sandbox.ingest([sandbox.footage]);
  expect({ code, problems: report.problems }).toEqual({ code: 0, problems: [] });
  const grown = await readNormalisedRows(sandbox.db.knex, sandbox.footage);
  expect(grown.files).toHaveLength(1);
  const other = await createIngestSandbox();
  try {
    await other.ingest([sandbox.footage]);
    expect(differences(await readNormalisedRows(other.db.knex, sandbox.footage), grown)).toEqual([]);
  } finally {
    await other.dispose();
  }
});

test('other content at the same path is another file; the rows of the old one stay', async () => {
  const path = await withOneFile();
  await place(path, await clip(4), new Date('2026-01-21'));
  const { report } = await sandbox.ingest([sandbox.footage]);
  expect(report.tally).toMatchObject({ taken: 1, finished: 1 });
  const rows = await sandbox.db.knex('media_files').orderBy('id').select('path', 'status');
  expect(rows).toEqual([
    { path, status: 'done' },
    { path, status: 'done' },
  ]);
  expect(await sandbox.db.knex('detections').countDistinct({ files: 'media_file_id' })).toEqual([{ files: 2 }]);
  const before = await dumpStore(sandbox.db.knex);
  expect((await sandbox.ingest([sandbox.footage])).report.tally).toMatchObject({ known: 1, taken: 0 });
  expect(await dumpStore(sandbox.db.knex)).toEqual(before);
});

test('--replace removes what the old content had shown, and says so in the audit log', async () => {
  const path = await withOneFile();
  await place(path, await clip(4), new Date('2026-01-21'));
  await sandbox.ingest([sandbox.footage, '--replace']);
  const { knex } = sandbox.db;
  expect(await knex('media_files').orderBy('id').select('status', 'failure_code')).toEqual([
    { status: 'skipped', failure_code: 'superseded' },
    { status: 'done', failure_code: null },
  ]);
  expect(await knex('detections').countDistinct({ files: 'media_file_id' })).toEqual([{ files: 1 }]);
  expect(await knex('audit_logs').where({ action: 'data_cleared' })).toHaveLength(1);
  expect(await findViolations(knex)).toEqual([]);
  expect((await sandbox.ingest([sandbox.footage, '--replace'])).report.tally).toMatchObject({ known: 1, taken: 0 });
});

test('content that comes back after it was replaced is analysed again', async () => {
  const path = await withOneFile();
  await place(path, await clip(4), new Date('2026-01-21'));
  await sandbox.ingest([sandbox.footage, '--replace']);
  await place(path, await clip(), new Date('2026-01-22'));
  const { report } = await sandbox.ingest([sandbox.footage, '--replace']);
  expect(report.tally).toMatchObject({ taken: 1, finished: 1 });
  expect(await sandbox.db.knex('media_files').orderBy('id').pluck('status')).toEqual(['done', 'skipped']);
  expect(await findViolations(sandbox.db.knex)).toEqual([]);
});

test('a file that could not be read for a while leaves no trace of that once it can', async () => {
  const path = await withOneFile();
  await place(path, Buffer.alloc(0), new Date('2026-01-21'));
  expect((await sandbox.ingest([sandbox.footage])).report.problems).toMatchObject([{ code: 'zero_bytes' }]);
  await place(path, await clip(), new Date('2026-01-22'));
  const { code, report } = await sandbox.ingest([sandbox.footage]);
  expect({ code, taken: report.tally['taken'] }).toEqual({ code: 0, taken: 0 });
  expect(await sandbox.db.knex('media_files').pluck('status')).toEqual(['done']);
});

test('a file that is gone keeps its rows', async () => {
  const path = await withOneFile();
  const before = await dumpStore(sandbox.db.knex);
  await rm(path);
  expect((await sandbox.ingest([sandbox.footage])).code).toBe(0);
  expect(await dumpStore(sandbox.db.knex)).toEqual(before);
});
