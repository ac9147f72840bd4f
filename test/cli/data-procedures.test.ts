import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from '../db/answers/seed.ts';
import { drawClip } from '../faults/draw-footage.ts';
import { createIngestSandbox } from '../faults/ingest-sandbox.ts';
import { place } from '../faults/mixed-footage.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
const hs = (...args: string[]): Promise<HsResult> => runHs(args, { env: { HS_DATABASE_URL: db.url, HS_ACTOR: 'tester' }, cwd: '/tmp' });

async function json(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await hs(...args, '--json');
  expect([code, stderr.includes('error')]).toEqual([0, false]);
  const document = JSON.parse(stdout) as { items?: unknown; item?: unknown };
  return document.items ?? document.item;
}

async function seedMonth(camera: string, at: string): Promise<number> {
  const file = await seedFile(db.knex, { camera, at });
  const detection = await seedDetection(db.knex, { fileId: file, camera, at });
  await seedEvent(db.knex, { camera, members: [detection] });
  return file;
}

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  for (const id of ['gate', 'old_gate', 'shed']) await seedCamera(db.knex, id);
});

afterAll(() => db.drop());

test('db partitions lists months for people and programs', async () => {
  expect(await hs('db', 'partitions')).toMatchObject({ code: 0, stdout: expect.stringContaining('no monthly tables') });
  await seedMonth('gate', '2025-01-10T00:00:00Z');
  await seedMonth('gate', '2026-01-10T00:00:00Z');
  await seedMonth('gate', '2026-06-10T00:00:00Z');
  expect(await json('db', 'partitions')).toMatchObject([
    { name: 'detections_y2025m01', month: '2025-01', is_empty: false },
    { name: 'detections_y2026m01' },
    { name: 'detections_y2026m06' },
  ]);
  expect((await hs('db', 'partitions', '--ids')).stdout).toBe('detections_y2025m01\ndetections_y2026m01\ndetections_y2026m06\n');
});

test('prune says what would go, then drops it', async () => {
  const [file] = await db.knex('media_files').pluck<number[]>('id');
  const look = { camera_id: 'gate', media_file_id: file, mode: 'day', frame_width: 1, frame_height: 1, judged: true };
  await db.knex('scene_checks').insert(['2025-01-10', '2025-01-11'].map((at, i) => ({ ...look, frame_offset_ms: i, checked_at: at })));
  await db.knex('scene_checkpoints').insert({ camera_id: 'gate', reached_at: '2025-01-11', looks: 2, state: '{}' });
  const preview = await hs('prune', '--older-than', '200d', '--table', 'footage');
  expect(preview).toMatchObject({ code: 0, stderr: expect.stringContaining('give --apply') });
  expect(preview.stderr).toContain('detections of 2025-01 would go as whole months');
  expect(preview.stdout).toMatch(/detections +200d .*3 .*1 .*0 .*1 /);
  expect(await json('prune', '--older-than', '200d', '--table', 'footage', '--apply')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ table: 'events', keep: '200d', rows: 3, over_age: 1, kept: 0, goes: 1, removed: 1, kept_why: {} }),
      expect.objectContaining({ table: 'scene_checks', removed: 1 }),
    ]),
  );
  expect(await db.knex('scene_checks').pluck('checked_at')).toEqual([new Date('2025-01-11')]);
  expect(await db.knex('jobs').where({ job_type: 'retention' }).pluck('status')).toEqual(['completed']);
  expect(await json('prune', '--older-than', '200d')).toEqual(
    expect.arrayContaining([expect.objectContaining({ table: 'detections', goes: 0, removed: null })]),
  );
});

test('keep times are shown with their origin, and set in the configuration file', async () => {
  const home = await mkdtemp(join(tmpdir(), 'hs-retention-'));
  try {
    const own = (...args: string[]): Promise<HsResult> =>
      runHs([...args, '--json'], {
        env: { HS_DATABASE_URL: db.url, HS_ACTOR: 'tester', HS_HOME: home, HS_RETENTION_LOGS: '3d' },
        cwd: home,
      });
    expect(await own('retention', 'set', 'footage', 'soon')).toMatchObject({ code: 2 });
    expect(await own('retention', 'set', 'footage', '90d')).toMatchObject({ code: 0, stderr: expect.stringContaining('config.yaml') });
    const items = (JSON.parse((await own('retention', 'show')).stdout) as { items: object[] }).items;
    expect(items).toMatchObject([
      { kind: 'footage', keep: '90d', origin: 'file', over_age: 2 },
      { kind: 'activity_hours', keep: '60d', origin: 'default' },
      { kind: 'gpu_stats', keep: '30d' },
      { kind: 'jobs', keep: '30d', rows: 1 },
      { kind: 'logs', keep: '3d', origin: 'env', source: 'HS_RETENTION_LOGS' },
      { kind: 'audit_logs', keep: 'never' },
      { kind: 'originals', keep: 'never' },
    ]);
    expect(await db.knex('audit_logs').where({ action: 'settings_changed' }).pluck('resource_id')).toEqual(['retention.footage']);
  } finally {
    await rm(home, { recursive: true });
  }
});

test('files forget and cameras merge and delete work from the command line', async () => {
  const file = await seedMonth('shed', '2026-06-10T00:00:00Z');
  expect(await json('files', 'forget', String(file), '--dry-run')).toMatchObject({
    files: 1,
    detections: 1,
    events_deleted: 1,
    dry_run: true,
  });
  expect(await json('files', 'forget', String(file), '--yes')).toMatchObject({ files: 1, dry_run: false });
  await seedMonth('old_gate', '2026-06-11T00:00:00Z');
  expect(await json('cameras', 'merge', 'old_gate', '--into', 'gate', '--dry-run')).toMatchObject({
    moved: { media_files: 1 },
    dry_run: true,
  });
  expect(await json('cameras', 'merge', 'old_gate', '--into', 'gate', '--yes')).toMatchObject({ folders: ['/footage/old_gate'] });
  expect(await json('cameras', 'delete', 'shed', '--yes')).toEqual({ camera: 'shed', rows: { baseline_states: 1 }, dry_run: false });
  expect((await hs('cameras', 'list', '--ids')).stdout).toBe('gate\n');
});

test('db vacuum and db reset work from the command line', async () => {
  expect(await json('db', 'vacuum')).toEqual(
    expect.arrayContaining([expect.objectContaining({ table: 'events', done: 'vacuumed, analysed' })]),
  );
  expect(await json('db', 'reset', '--dry-run')).toMatchObject({ rows: { media_files: 4 }, holds_in_force: 0, dry_run: true });
  expect(await hs('db', 'reset', '--yes')).toMatchObject({ code: 0, stderr: expect.stringContaining('the store is empty') });
  expect((await hs('files', 'list', '--ids')).stdout).toBe('');
  expect((await hs('cameras', 'list', '--ids')).stdout).toBe('gate\n');
});

test.each([
  [['prune', '--older-than', 'soon'], 'is not an age'],
  [['prune', '--table', 'everything'], 'Expected --table'],
  [['cameras', 'delete', 'gate'], '--yes'],
  [['cameras', 'delete', 'nobody', '--yes'], 'no camera matches'],
  [['cameras', 'merge', 'gate'], 'Missing required flag into'],
  [['cameras', 'merge', 'gate', '--into', 'gate', '--yes'], 'into itself'],
  [['files', 'forget', '1'], '--yes'],
  [['files', 'forget', '987654', '--yes'], 'has the id 987654'],
  [['db', 'reset'], '--yes'],
  [['db', 'vacuum', '--full'], '--yes'],
])('%j is a usage error', async (args, message) => {
  expect(await hs(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});

test('after a merge the next ingest takes footage of the old folder for the camera that stayed', { timeout: 120_000 }, async () => {
  const sandbox = await createIngestSandbox();
  try {
    const clip = (fromS: number): Promise<string> =>
      drawClip({ name: `merge${String(fromS)}.mp4`, figures: [{ x: '10+9*T', y: '40', width: 16, height: 40 }], seconds: 4, fromS });
    await place(join(sandbox.footage, 'gate/20260114_081500.mp4'), await clip(0));
    await place(join(sandbox.footage, 'Old Gate/20260114_091500.mp4'), await clip(1));
    await sandbox.ingest([sandbox.footage]);
    const env = { HS_DATABASE_URL: sandbox.db.url };
    expect(await runHs(['cameras', 'merge', 'old_gate', '--into', 'gate', '--yes'], { env })).toMatchObject({ code: 0 });
    await place(join(sandbox.footage, 'Old Gate/20260114_101500.mp4'), await clip(2));
    const { code, report } = await sandbox.ingest([sandbox.footage]);
    expect(code).toBe(0);
    expect(report.tally).toMatchObject({ taken: 1 });
    expect(await sandbox.db.knex('cameras').pluck('id')).toEqual(['gate']);
    expect(await sandbox.db.knex('media_files').pluck('camera_id')).toEqual(['gate', 'gate', 'gate']);
    expect(await sandbox.db.knex('events').distinct().pluck('camera_id')).toEqual(['gate']);
    const batches = await sandbox.db.knex('events').pluck<string[]>('batch_id');
    expect(batches.filter((batch) => !batch.startsWith('gate-'))).toEqual([]);
  } finally {
    await sandbox.dispose();
  }
});
