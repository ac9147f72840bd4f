import { openBackup, type OpenBackup } from './open-backup.ts';

export type VerifiedBackup = {
  path: string;
  created_at: string;
  app_version: string;
  schema_version: string;
  tables: number;
  rows: number;
};

type VerifyOptions = { signal: AbortSignal; onRows?: (done: number, total: number) => void };

/** Reads a backup from end to end; throws `backup_*` usage errors. Needs no database. */
export async function verifyBackup(path: string, options: VerifyOptions): Promise<VerifiedBackup> {
  const backup = await openBackup(path, options.signal);
  try {
    const rows = await readAll(backup, options);
    const { created_at, app_version, schema_version, tables } = backup.manifest;
    return { path, created_at, app_version, schema_version, tables: Object.keys(tables).length, rows };
  } finally {
    backup.close();
  }
}

export async function readAll(backup: OpenBackup, { signal, onRows }: VerifyOptions): Promise<number> {
  const tables = Object.values(backup.manifest.tables);
  const total = tables.reduce((sum, { count }) => sum + count, 0);
  let done = 0;
  for (const table of tables) {
    for await (const block of backup.readLines(table, signal)) onRows?.((done += block.length), total);
  }
  return total;
}
