import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../src/db/database.ts';
import { schemaPage } from './schema-page/page.ts';
import { readSchema } from './schema-page/read-schema.ts';

/** The schema of a freshly migrated database as one Markdown page. */
export async function generateSchemaPage(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'hs-schema-'));
  // Run as root, the server is another account and has to enter.
  chmodSync(folder, 0o755);
  const home = join(folder, 'home');
  const database = await openDatabase({ home, migrate: 'auto', serverSettings: { fsync: 'off' } });
  try {
    return schemaPage(await readSchema(database.knex));
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
