import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { readSchemaState } from '../../db/migrate.ts';
import { countRows, listBackupTables, streamTableLines, type BackupTable } from '../../db/queries/backup/backup-tables.ts';
import { readSnapshot } from '../../db/queries/read-snapshot.ts';
import { SEAL_PLACEHOLDER, sealZip } from '../../exporters/zip/seal-zip.ts';
import { writeZip, type ZipEntry } from '../../exporters/zip/write-zip.ts';
import { hashed } from '../../lib/hashed.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';
import { BACKUP_FORMAT, BACKUP_VERSION, MANIFEST_NAME, type BackupManifest } from './manifest.ts';
import { verifyBackup } from './verify-backup.ts';

export type WriteBackupOptions = {
  path: string;
  appVersion: string;
  signal: AbortSignal;
  now: () => Date;
  onProgress: (progress: { done: number; total: number; percent: number; step: string }) => void;
};

export type WrittenBackup = { path: string; tables: number; rows: number; bytes: number; sha256: string };

const LINES_A_CHUNK = 500;
const PERCENT = { rows: 80, manifest: 85, closed: 90, verified: 95 } as const;

/** Writes every table as of one moment. The file is under its name when it was read again and every hash found right, else not at all. */
export async function writeBackup(knex: Knex, options: WriteBackupOptions): Promise<WrittenBackup> {
  return readSnapshot(knex, async (snapshot) => {
    const tables = await listBackupTables(snapshot);
    const counts = new Map<string, number>();
    for (const { name } of tables) counts.set(name, await countRows(snapshot, name));
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const { applied } = await readSchemaState(snapshot);
    const manifest: BackupManifest = {
      format: BACKUP_FORMAT,
      version: BACKUP_VERSION,
      created_at: options.now().toISOString(),
      app_version: options.appVersion,
      schema_version: applied.at(-1) ?? '',
      tables: {},
    };
    const zip = writeZip(entriesOf(snapshot, { tables, manifest, total, options }), new Date(manifest.created_at), SEAL_PLACEHOLDER);
    const report = (percent: number, step: string): void => {
      options.onProgress({ done: total, total, percent, step });
    };
    const hash = createHash('sha256');
    const bytes = await writeAtomically(options.path, hashed(sealZip(zip), hash), {
      signal: options.signal,
      beforeRename: async (_, temporary) => {
        report(PERCENT.closed, 'reading it again');
        await verifyBackup(temporary, options);
        report(PERCENT.verified, 'every hash compared');
      },
    });
    return { path: options.path, tables: tables.length, rows: total, bytes, sha256: hash.digest('hex') };
  });
}

type Content = { tables: readonly BackupTable[]; manifest: BackupManifest; total: number; options: WriteBackupOptions };

function* entriesOf(snapshot: Knex, { tables, manifest, total, options }: Content): Iterable<ZipEntry> {
  const done = { rows: 0 };
  const report = (rows: number, step: string): void => {
    options.signal.throwIfAborted();
    done.rows += rows;
    const percent = total === 0 ? PERCENT.rows : Math.floor((PERCENT.rows * done.rows) / total);
    options.onProgress({ done: done.rows, total, percent, step });
  };
  for (const table of tables) {
    yield { name: fileOf(table), compress: true, content: () => writeTable(snapshot, { table, manifest, report }) };
  }
  const text = function* (): Iterable<string> {
    options.onProgress({ done: total, total, percent: PERCENT.manifest, step: 'manifest' });
    yield `${JSON.stringify(manifest, undefined, 2)}\n`;
  };
  yield { name: MANIFEST_NAME, compress: true, content: text };
}

type TablePart = { table: BackupTable; manifest: BackupManifest; report: (rows: number, step: string) => void };

/** The lines of one table; what they were goes into the manifest. */
async function* writeTable(snapshot: Knex, { table, manifest, report }: TablePart): AsyncIterable<Buffer> {
  const hash = createHash('sha256');
  let [count, bytes] = [0, 0];
  for await (const lines of inChunks(streamTableLines(snapshot, table))) {
    const chunk = Buffer.from(`${lines.join('\n')}\n`);
    hash.update(chunk);
    count += lines.length;
    bytes += chunk.length;
    report(lines.length, table.name);
    yield chunk;
  }
  const columns = table.columns.map(({ name }) => name);
  manifest.tables[table.name] = { file: fileOf(table), count, bytes, sha256: hash.digest('hex'), columns };
}

async function* inChunks(lines: AsyncIterable<string>): AsyncIterable<string[]> {
  let chunk: string[] = [];
  for await (const line of lines) {
    if (chunk.push(line) < LINES_A_CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function fileOf({ name }: BackupTable): string {
  return `tables/${name}.ndjson`;
}
