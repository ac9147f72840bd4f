import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Knex } from 'knex';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LEFT_OUT_OF_BACKUPS } from '../../../src/db/queries/backup/backup-tables.ts';
import { writeBackup } from '../../../src/services/backup/create-backup.ts';
import { openBackup } from '../../../src/services/backup/open-backup.ts';
import { restoreBackup } from '../../../src/services/backup/restore-backup.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedHouse } from '../seed-house.ts';
import { seedOtherTables } from './seed-other-tables.ts';
import { HOSTILE_TEXT, makeHostile } from './make-hostile.ts';

let from: TestDatabase;
let to: TestDatabase;
let folder: string;
let file: string;
let hostile: ReadonlySet<string>;

const { signal } = new AbortController();

beforeAll(async () => {
  [from, to, folder] = [await createTestDatabase(), await createTestDatabase(), await mkdtemp(path.join(os.tmpdir(), 'hs-backup-'))];
  file = path.join(folder, 'backup.zip');
  await seedOtherTables(from.knex, await seedHouse(from.knex));
  hostile = await makeHostile(from.knex);
  await writeBackup(from.knex, { path: file, appVersion: '0.1.0', signal, now: () => new Date(), onProgress: () => undefined });
}, 60_000);

afterAll(async () => {
  await from.drop();
  await to.drop();
  await rm(folder, { recursive: true });
});

/** Every table of the database but partitions, whatever its schema: not the list that the backup makes for itself. */
async function listTables(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { name: string }[] }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'f', 'm') AND NOT c.relispartition AND n.nspname !~ '^(pg_|information_schema$)' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** The rows of a table as PostgreSQL writes a row, exact for every type: not the encoding of the backup. */
async function rowTexts(knex: Knex, table: string): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { text: string }[] }>(`SELECT t::text AS text FROM ?? t ORDER BY 1`, [table]);
  return rows.map(({ text }) => text);
}

test('a table is in the backup or on the list of those left out', async () => {
  const backup = await openBackup(file, signal);
  const held = Object.keys(backup.manifest.tables);
  backup.close();
  expect([...held, ...LEFT_OUT_OF_BACKUPS].sort()).toEqual((await listTables(from.knex)).sort());
});

test('every table has a row here, and every kind of column a value that is hard to carry', async () => {
  const empty: string[] = [];
  for (const table of await listTables(from.knex)) if ((await rowTexts(from.knex, table)).length === 0) empty.push(table);
  expect(empty, 'give them a row in seed-other-tables.ts').toEqual([]);
  const hard = [`text ${HOSTILE_TEXT}`, 'double precision NaN', 'double precision Infinity', 'bigint 9223372036854775807', 'jsonb null'];
  for (const kind of [...hard, 'bytea \\x00ff0a0d225c', 'timestamp with time zone infinity', 'text[] {}']) expect(hostile).toContain(kind);
});

test('every row of every table comes back as it was', async () => {
  const options = { path: file, replace: false, dryRun: false, signal, safetyPath: undefined, appVersion: '0.1.0', lockWaitMs: 0 };
  await restoreBackup(to.database, { ...options, onProgress: () => undefined, record: () => Promise.resolve() });
  for (const table of await listTables(from.knex)) {
    if ((LEFT_OUT_OF_BACKUPS as readonly string[]).includes(table)) continue;
    expect(await rowTexts(to.knex, table), table).toEqual(await rowTexts(from.knex, table));
  }
});
