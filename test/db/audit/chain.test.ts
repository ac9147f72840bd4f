import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditAnchor } from '../../../src/domain/audit-anchor.ts';
import { openDatabase } from '../../../src/db/database.ts';
import { insertAuditLog } from '../../../src/db/models/audit-logs.ts';
import { migrationSource } from '../../../src/db/migrations/index.ts';
import { readAuditHead } from '../../../src/db/queries/audit-chain.ts';
import { createBackup } from '../../../src/jobs/create-backup-as-job.ts';
import { restoreAsJob } from '../../../src/jobs/restore-backup-as-job.ts';
import { verifyAudit, type VerifiedAudit } from '../../../src/services/audit/verify-audit.ts';
import { clearData } from '../../../src/services/database/clear-data.ts';
import { prune } from '../../../src/services/retention/prune.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { pruneOptions } from '../retention/seed-ages.ts';

let db: TestDatabase;

beforeEach(async () => {
  db = await createTestDatabase();
});

afterEach(() => db.drop());

const verify = (...anchors: AuditAnchor[]): Promise<VerifiedAudit> =>
  verifyAudit(db.knex, { anchors, limit: 20, signal: new AbortController().signal });

const write = (knex: Knex, actor: string): Promise<void> => insertAuditLog(knex, { action: 'settings_changed', resource_type: 'x', actor });

async function writeRows(count: number, daysAgo = 0): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const timestamp = db.knex.raw(`now() - ? * interval '1 day'`, [daysAgo]);
    await db.knex('audit_logs').insert({ timestamp, action: 'settings_changed', resource_type: 'x', actor: `w${String(n)}` });
  }
}

test('an empty log is intact, and the anchor of an empty log always stands', async () => {
  const empty = await readAuditHead(db.knex);
  expect(await verify(empty)).toMatchObject({ intact: true, rows: 0, first_sequence: 0, head: { sequence: 0 } });
  await writeRows(1);
  expect(await verify(empty)).toMatchObject({ intact: true, rows: 1, anchors: [{ state: 'stands' }] });
});

test('many writers at once leave one chain, whatever they write and however long they take', async () => {
  const [writers, acts] = [8, 20];
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const own = await openDatabase({ url: db.url, home: '/nonexistent', migrate: 'none' });
      for (let act = 0; act < acts; act += 1) {
        const done = own.knex.transaction(async (trx) => {
          for (let row = 0; row <= act % 3; row += 1) await write(trx, `${String(writer)}-${String(act)}-${String(row)}`);
          if (act % 5 === writer % 5) await sleep(20);
          if (act % 7 === 0) throw new Error('taken back');
        });
        await done.catch(() => undefined);
      }
      await own.close();
    }),
  );
  const perWriter = Array.from({ length: acts }, (_, act) => (act % 7 === 0 ? 0 : 1 + (act % 3))).reduce((sum, rows) => sum + rows, 0);
  expect(await verify()).toMatchObject({ intact: true, rows: writers * perWriter, head: { sequence: writers * perWriter } });
});

test('a transaction that wrote early keeps nobody waiting, and is sealed where it ends', async () => {
  const late = await db.knex.transaction();
  await write(late, 'late');
  await write(db.knex, 'quick');
  await late.commit();
  expect(await db.knex('audit_logs').orderBy('sequence').pluck('actor')).toEqual(['quick', 'late']);
  expect(await db.knex('audit_logs').orderBy('id').pluck('actor')).toEqual(['late', 'quick']);
  expect(await verify()).toMatchObject({ intact: true, rows: 2 });
});

test('a snapshot that cannot see the newest row fails instead of forking the chain', async () => {
  const stale = db.knex.transaction(
    async (trx) => {
      await write(trx, 'stale');
      await write(db.knex, 'quick');
    },
    { isolationLevel: 'repeatable read' },
  );
  await expect(stale).rejects.toMatchObject({ code: '23505' });
  expect(await verify()).toMatchObject({ intact: true, rows: 1 });
});

test('rows that are there before the chain are sealed as they stand', async () => {
  while ((await db.knex.migrate.currentVersion({ migrationSource })) >= '20261129130000') await db.knex.migrate.down({ migrationSource });
  for (const actor of ['one', 'two', 'three']) await write(db.knex, actor);
  await db.knex('audit_logs').where('actor', 'two').delete();
  await db.knex.migrate.latest({ migrationSource });
  expect(await db.knex('audit_logs').orderBy('id').select('actor', 'sequence')).toEqual([
    { actor: 'one', sequence: 1 },
    { actor: 'three', sequence: 2 },
  ]);
  expect(await verify()).toMatchObject({ intact: true, rows: 2 });
});

test('a reset leaves the chain and adds to it', async () => {
  await writeRows(3);
  const anchor = await readAuditHead(db.knex);
  await clearData(db.database, { actor: 'x', dryRun: false, confirmed: true });
  expect(await verify(anchor)).toMatchObject({ intact: true, rows: 4, anchors: [{ state: 'stands' }] });
});

const KEEP_A_DAY = { settings: { ...pruneOptions().settings, auditLogs: '1d' }, kinds: ['audit_logs'] as const };

test('a prune takes the begin of the chain, says so in it, and what is left is intact', async () => {
  await writeRows(5, 10);
  const old = await readAuditHead(db.knex);
  await writeRows(4);
  const anchor = await readAuditHead(db.knex);
  await prune(db.knex, pruneOptions(KEEP_A_DAY));
  expect(await db.knex('audit_logs').where({ resource_type: 'audit_log' }).first()).toMatchObject({
    action: 'data_cleared',
    actor: 'tester',
    details: { removed: 5, through: old },
  });
  expect(await verify(old, anchor)).toMatchObject({ intact: true, first_sequence: 6, anchors: [{ state: 'stands' }, { state: 'stands' }] });
  await writeRows(1);
  expect(await verify(anchor)).toMatchObject({ intact: true, rows: 7 });
});

test('of old rows after young ones a prune takes none, and the newest row always stays', async () => {
  await writeRows(2);
  await writeRows(2, 10);
  await prune(db.knex, pruneOptions(KEEP_A_DAY));
  expect(await verify()).toMatchObject({ intact: true, rows: 4, first_sequence: 1 });
  await db.knex('audit_logs').delete();
  await writeRows(3, 10);
  await prune(db.knex, pruneOptions(KEEP_A_DAY));
  expect((await db.knex('audit_logs').orderBy('sequence').pluck<string[]>('actor'))[0]).toBe('w2');
});

test('rows removed before an anchor prove nothing, unless a later anchor stands', async () => {
  await writeRows(5, 10);
  const old = { ...(await readAuditHead(db.knex)), sequence: 3 };
  await writeRows(2);
  const later = await readAuditHead(db.knex);
  await prune(db.knex, pruneOptions(KEEP_A_DAY));
  expect(await verify(old)).toMatchObject({ intact: false, findings: [{ code: 'anchor_pruned', sequence: 3 }] });
  expect(await verify(old, later)).toMatchObject({ intact: true, anchors: [{ state: 'pruned' }, { state: 'stands' }] });
});

test('the begin of the chain is missing when only others than retention removed it', async () => {
  await writeRows(5, 10);
  await writeRows(3);
  await prune(db.knex, pruneOptions(KEEP_A_DAY));
  await db.knex('audit_logs').where('sequence', '<', 7).delete();
  expect((await verify()).findings).toMatchObject([{ code: 'missing', sequence: 1 }]);
});

test('a restore goes on from the chain of the backup and says what it replaced', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hs-chain-'));
  const job = {
    database: db.database,
    command: 'backup',
    args: {},
    version: '0.1.0',
    settingsFingerprint: 'a'.repeat(64),
    logLevel: 'info' as const,
    signal: new AbortController().signal,
  };
  try {
    await writeRows(3);
    const inBackup = await readAuditHead(db.knex);
    const path = join(folder, 'backup.zip');
    await createBackup({ job, path, actor: 'test' });
    await writeRows(30);
    const lost = await readAuditHead(db.knex);
    const more = { replace: true, dryRun: false, lockWaitMs: 0, safetyPath: undefined, onProgress: () => undefined };
    await restoreAsJob({ job, path, actor: 'test', ...more });
    expect(await verify(inBackup)).toMatchObject({ intact: true, anchors: [{ state: 'stands' }] });
    const found = await verify(lost);
    expect(found).toMatchObject({ intact: false, finding_count: 1, findings: [{ code: 'anchor_missing' }] });
    expect(found.findings[0]?.message).toMatch(/says that test restored a backup over it/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
