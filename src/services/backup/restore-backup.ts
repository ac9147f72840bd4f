import type { Knex } from 'knex';
import type { Database } from '../../db/database.ts';
import { readSchemaState } from '../../db/migrate.ts';
import { readAuditHead } from '../../db/queries/audit-chain.ts';
import { countRows, listBackupTables, type BackupTable } from '../../db/queries/backup/backup-tables.ts';
import { insertLines, refillTables, setSequences } from '../../db/queries/backup/restore-tables.ts';
import { withoutWriters } from '../../db/without-writers.ts';
import type { AuditLink } from '../../domain/audit-chain.ts';
import { HsError, UsageError } from '../../errors/hs-error.ts';
import { writeBackup } from './create-backup.ts';
import { corruptBackup, newerBackup, type BackupManifest } from './manifest.ts';
import { openBackup, type OpenBackup } from './open-backup.ts';
import { readAll } from './verify-backup.ts';

export type RestoreOptions = {
  path: string;
  replace: boolean;
  dryRun: boolean;
  signal: AbortSignal;
  /** How long it waits for a run that writes, in ms. */
  lockWaitMs: number;
  onProgress: (percent: number, step: string) => void;
  /** Where a copy of what is there goes first; undefined: none is made. */
  safetyPath: string | undefined;
  appVersion: string;
  /** Writes what tells of this restore, in its transaction, after the rows. */
  record: (trx: Knex.Transaction, restored: RestoredBackup) => Promise<void>;
};

export type RestoredBackup = {
  path: string;
  created_at: string;
  rows: number;
  tables: number;
  /** Rows that were there before and went. */
  replaced_rows: number;
  safety_backup: string | null;
  /** Last audit row of what was there before; null where there was none. */
  replaced_audit_head: AuditLink | null;
};

/** The one table that every new database has a row in. Changes of it are in audit_logs, so that it alone is never worth a copy. */
const FILLED_AT_FIRST = 'notification_preferences';

/** What tells of hs itself: it does not make a database one that is in use. It is copied before it goes all the same. */
const NOT_CONTENT = [FILLED_AT_FIRST, 'audit_logs', 'logs', 'runs', 'jobs', 'job_attempts', 'job_logs', 'job_transitions', 'export_jobs'];

/**
 * Makes the database what it was when the backup was made, or leaves it as it is. The whole file is read and checked before the
 * transaction opens, and no run writes meanwhile. Throws usage errors `backup_*`, LockedError while a run writes.
 */
export async function restoreBackup(database: Database, options: RestoreOptions): Promise<RestoredBackup> {
  const backup = await openBackup(options.path, options.signal);
  try {
    const tables = await listBackupTables(database.knex);
    await assertSameSchema(database.knex, { backup, tables });
    await readAll(backup, {
      signal: options.signal,
      onRows: (done, total) => {
        options.onProgress(Math.floor((PERCENT.checked * done) / total), 'checking');
      },
    });
    return await withoutWriters(database, () => replaceContent(database.knex, { backup, tables, options }), {
      waitMs: options.lockWaitMs,
      signal: options.signal,
    });
  } finally {
    backup.close();
  }
}

const PERCENT = { checked: 20, written: 90 } as const;

type Replacing = { backup: OpenBackup; tables: readonly BackupTable[]; options: RestoreOptions };

async function replaceContent(knex: Knex, { backup, tables, options }: Replacing): Promise<RestoredBackup> {
  const before = await countContent(knex, tables);
  if (before.content > 0 && !options.replace && !options.dryRun) {
    throw new UsageError(`the database is not empty: it holds ${String(before.content)} rows beside logs and jobs`, {
      code: 'database_not_empty',
      hint: 'give --replace to put the backup in the place of all of them',
    });
  }
  const { manifest, path } = backup;
  const rows = Object.values(manifest.tables).reduce((sum, { count }) => sum + count, 0);
  const head = await readAuditHead(knex);
  const replaced = { replaced_rows: before.all, replaced_audit_head: head.sequence === 0 ? null : head };
  const restored = { path, created_at: manifest.created_at, rows, tables: tables.length, ...replaced, safety_backup: null };
  if (options.dryRun) return restored;
  const safety_backup = before.worthACopy > 0 ? await backUpFirst(knex, options) : null;
  await knex
    .transaction(async (trx) => {
      await refillTables(trx, tables, () => fillTables(trx, { backup, tables, options }));
      await setSequences(trx);
      await options.record(trx, { ...restored, safety_backup });
      options.signal.throwIfAborted();
    })
    .catch((error: unknown) => {
      throw refusedRow(error, path);
    });
  return { ...restored, safety_backup };
}

/** Under the lock that the restore holds, so that nothing is written between the copy and the replacement. */
async function backUpFirst(knex: Knex, { safetyPath, signal, appVersion, onProgress }: RestoreOptions): Promise<string | null> {
  if (safetyPath === undefined) return null;
  const report = (progress: { step: string }): void => {
    onProgress(PERCENT.checked, `safety backup: ${progress.step}`);
  };
  await writeBackup(knex, { path: safetyPath, appVersion, signal, now: () => new Date(), onProgress: report });
  return safetyPath;
}

async function fillTables(trx: Knex.Transaction, { backup, tables, options }: Replacing): Promise<void> {
  const total = Object.values(backup.manifest.tables).reduce((sum, { count }) => sum + count, 0);
  let done = 0;
  for (const table of tables) {
    const part = backup.manifest.tables[table.name];
    if (part === undefined) throw corruptBackup(backup.path, `it lacks the table ${table.name}`);
    for await (const lines of backup.readLines(part, options.signal)) {
      const added = await insertLines(trx, table, lines);
      if (added !== lines.length) throw corruptBackup(backup.path, `${part.file} has a line that is not one row`);
      done += added;
      options.onProgress(PERCENT.checked + Math.floor(((PERCENT.written - PERCENT.checked) * done) / total), table.name);
    }
    const stored = await countRows(trx, table.name);
    if (stored !== part.count)
      throw corruptBackup(backup.path, `${table.name} would have ${String(stored)} rows instead of ${String(part.count)}`);
  }
  options.onProgress(PERCENT.written, 'checking references');
}

/** Class 22: a value of the wrong form; 23: a constraint that refuses it. Both are the file's fault. */
function refusedRow(error: unknown, path: string): unknown {
  const { code, message } = error as { code?: unknown; message?: string };
  if (error instanceof HsError || typeof code !== 'string' || !/^2[23]/.test(code)) return error;
  return corruptBackup(path, `the database refuses a row of it (${(message ?? '').split(' - ').at(-1) ?? code})`);
}

async function countContent(knex: Knex, tables: readonly BackupTable[]): Promise<{ all: number; content: number; worthACopy: number }> {
  let [all, content, worthACopy] = [0, 0, 0];
  for (const { name } of tables) {
    const count = await countRows(knex, name);
    all += count;
    if (!NOT_CONTENT.includes(name)) content += count;
    if (name !== FILLED_AT_FIRST) worthACopy += count;
  }
  return { all, content, worthACopy };
}

async function assertSameSchema(knex: Knex, { backup, tables }: Pick<Replacing, 'backup' | 'tables'>): Promise<void> {
  const { applied } = await readSchemaState(knex);
  const { manifest, path } = backup;
  if (manifest.schema_version !== applied.at(-1)) throw otherSchema(manifest, { path, applied });
  const names = tables.map(({ name }) => name);
  const unknown = Object.keys(manifest.tables).find((name) => !names.includes(name));
  if (unknown !== undefined) throw corruptBackup(path, `there is no table ${JSON.stringify(unknown)}`);
  for (const { name, columns } of tables) {
    const held = manifest.tables[name]?.columns;
    if (held === undefined) throw corruptBackup(path, `it lacks the table ${name}`);
    if (held.join() !== columns.map((column) => column.name).join()) throw corruptBackup(path, `${name} has other columns`);
  }
}

function otherSchema({ schema_version, app_version }: BackupManifest, { path, applied }: { path: string; applied: string[] }): UsageError {
  if (!applied.includes(schema_version))
    return newerBackup(path, `its schema is ${JSON.stringify(schema_version)}, made by hs ${app_version}`);
  return new UsageError(`${path} has the older schema ${schema_version}`, {
    code: 'backup_older',
    hint: `restore it with hs ${app_version} into an empty database, then let this hs migrate that: hs db migrate`,
  });
}
