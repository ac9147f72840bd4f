import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listBackupTables, streamTableLines } from '../../../src/db/queries/backup/backup-tables.ts';
import { readSchemaObjects } from '../../../src/db/schema-objects.ts';
import { WRITERS_KEY } from '../../../src/db/lock-keys.ts';
import { openLockSession } from '../../../src/db/locks.ts';
import { readSnapshot } from '../../../src/db/queries/read-snapshot.ts';
import { createBackup } from '../../../src/jobs/create-backup-as-job.ts';
import { restoreAsJob } from '../../../src/jobs/restore-backup-as-job.ts';
import { verifyBackup } from '../../../src/services/backup/verify-backup.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let from: TestDatabase;
let to: TestDatabase;
let folder: string;
let file: string;

beforeAll(async () => {
  [from, to, folder] = [await createTestDatabase(), await createTestDatabase(), await mkdtemp(path.join(os.tmpdir(), 'hs-backup-'))];
  file = path.join(folder, 'backup.zip');
  await fill(from);
  await createBackup({ job: jobOf(from), path: file, actor: 'test' });
}, 60_000);

afterAll(async () => {
  await from.drop();
  await to.drop();
  await rm(folder, { recursive: true });
});

const jobOf = ({ database }: TestDatabase) => ({
  database,
  command: 'backup',
  args: {},
  version: '0.1.0',
  settingsFingerprint: 'a'.repeat(64),
  logLevel: 'info' as const,
  signal: new AbortController().signal,
});

const restore = (given: string, more: { replace?: boolean; safetyPath?: string } = {}) =>
  restoreAsJob({
    job: jobOf(to),
    path: given,
    actor: 'test',
    replace: more.replace ?? false,
    dryRun: false,
    lockWaitMs: 0,
    safetyPath: more.safetyPath,
    onProgress: () => undefined,
  });

async function fill({ knex }: TestDatabase): Promise<void> {
  await knex.raw(`INSERT INTO cameras (id, name, folder_path) VALUES ('gate', E'Gate "\\n=1+1 🦊', '/footage/gate')`);
  for (const month of ['2026-01-14', '2025-11-02']) await knex.raw('SELECT ensure_detections_partition(?::timestamptz)', [month]);
  await knex.raw(`INSERT INTO detections (camera_id, file_path, detected_at, object_type, confidence, enrichment_data)
    SELECT 'gate', '/f/' || n, timestamptz '2026-01-14T08:00:00.123Z' - n % 2 * interval '73 days', 'person', 1 / (3.0::float8 + n),
           '{"a": 1.10, "detected_at": "1999-01"}' FROM generate_series(1, 3000) n`);
}

/** Every row of the tables that a restore adds nothing to. */
async function linesOf({ knex }: TestDatabase): Promise<string[]> {
  const moving = ['runs', 'jobs', 'job_attempts', 'job_transitions', 'job_logs', 'logs', 'audit_logs', 'export_jobs'];
  return readSnapshot(knex, async (snapshot) => {
    const lines: string[] = [];
    for (const table of await listBackupTables(snapshot)) {
      if (moving.includes(table.name)) continue;
      for await (const line of streamTableLines(snapshot, table)) lines.push(`${table.name} ${line}`);
    }
    return lines;
  });
}

test('a damaged, cut or foreign file is refused before any row changes', async () => {
  const bytes = await readFile(file);
  const before = await linesOf(to);
  const bad = path.join(folder, 'bad.zip');
  for (let round = 0; round < 12; round += 1) {
    const copy = Buffer.from(bytes);
    const at = Math.floor((bytes.length * round) / 12) + (round % 5);
    copy.writeUInt8((copy.readUInt8(at) ^ 0x20) & 0xff, at);
    await writeFile(bad, copy);
    await expect(restore(bad), `byte ${String(at)}`).rejects.toMatchObject({
      code: expect.stringMatching(/^backup_/) as string,
      exitCode: 2,
    });
  }
  for (const cut of [bytes.subarray(0, bytes.length - 1), Buffer.alloc(0), Buffer.from('no zip')]) {
    await writeFile(bad, cut);
    await expect(restore(bad)).rejects.toMatchObject({ code: expect.stringMatching(/^backup_(invalid|corrupt)$/) as string });
  }
  expect(await linesOf(to)).toEqual(before);
});

test('a restore gives every row back, keeps the schema and continues the ids', async () => {
  const schema = await readSchemaObjects(from.knex);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await restore(file);
  expect(await linesOf(to)).toEqual(await linesOf(from));
  expect(await readSchemaObjects(to.knex)).toEqual(schema);
  const [{ id }] = (await to
    .knex('detections')
    .insert({ camera_id: 'gate', file_path: 'x', detected_at: '2026-01-15' })
    .returning('id')) as [{ id: number }];
  expect(id).toBe(3001);
  expect(await to.knex('pg_trigger').whereNot('tgenabled', 'O').pluck('tgname')).toEqual([]);
  expect(await to.knex('runs').whereNull('ended_at')).toEqual([]);
  expect(await to.knex('export_jobs').pluck('status')).toEqual(['failed']);
  expect(await to.knex('jobs').where({ job_type: 'restore' }).orderBy('created_at', 'desc').first('status')).toEqual({
    status: 'completed',
  });
});

test('what is there goes only with --replace, and is backed up first', async () => {
  await expect(restore(file)).rejects.toMatchObject({ code: 'database_not_empty', exitCode: 2 });
  const safetyPath = path.join(folder, 'safety.zip');
  const before = await linesOf(to);
  expect(await restore(file, { replace: true, safetyPath })).toMatchObject({ safety_backup: safetyPath });
  expect(await to.knex('detections').count()).toEqual([{ count: 3000 }]);
  await restore(safetyPath, { replace: true });
  expect(await linesOf(to)).toEqual(before);
});

test('rows of jobs and the audit log alone do not keep a restore away, and are backed up all the same', async () => {
  const [spare, safetyPath] = [await createTestDatabase(), path.join(folder, 'jobs-only.zip')];
  const options = { path: file, actor: 'test', replace: false, dryRun: false, lockWaitMs: 0, onProgress: () => undefined };
  try {
    const first = await restoreAsJob({ ...options, job: jobOf(spare), path: path.join(folder, 'absent.zip'), safetyPath }).catch(
      (error: unknown) => error,
    );
    expect(first).toMatchObject({ code: 'backup_missing' });
    expect(await restoreAsJob({ ...options, job: jobOf(spare), safetyPath })).toMatchObject({ safety_backup: safetyPath });
    expect(await verifyBackup(safetyPath, { signal: new AbortController().signal })).toMatchObject({
      rows: expect.toSatisfy((n: number) => n > 3) as number,
    });
  } finally {
    await spare.drop();
  }
});

test('a restore waits for a run that writes as long as it was told to', async () => {
  const session = await openLockSession(to.database);
  const options = {
    job: jobOf(to),
    path: file,
    actor: 'test',
    replace: true,
    dryRun: true,
    safetyPath: undefined,
    onProgress: () => undefined,
  };
  try {
    await session.lockShared(WRITERS_KEY);
    await expect(restoreAsJob({ ...options, lockWaitMs: 0 })).rejects.toMatchObject({ code: 'locked' });
    const waiting = restoreAsJob({ ...options, lockWaitMs: 60_000 });
    await session.unlockShared(WRITERS_KEY);
    expect(await waiting).toMatchObject({ safety_backup: null });
  } finally {
    await session.close();
  }
});
