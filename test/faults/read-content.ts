import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { listBackupTables, streamTableLines } from '../../src/db/queries/backup/backup-tables.ts';
import { readSnapshot } from '../../src/db/queries/read-snapshot.ts';

/** Tables that every command writes to. */
export const RECORDS = ['runs', 'jobs', 'job_attempts', 'job_transitions', 'job_logs', 'logs', 'audit_logs', 'export_jobs'];

/** SHA-256 of every row of the tables but those records. */
export async function readContent(knex: Knex): Promise<string> {
  return readSnapshot(knex, async (snapshot) => {
    const hash = createHash('sha256');
    for (const table of await listBackupTables(snapshot)) {
      if (RECORDS.includes(table.name)) continue;
      for await (const line of streamTableLines(snapshot, table)) hash.update(`${table.name} ${line}\n`);
    }
    return hash.digest('hex');
  });
}
