import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../src/db/database.ts';
import { readSchemaObjects } from '../src/db/schema-objects.ts';

/** Writes down what a freshly migrated database consists of, for `hs check` to compare with. */
const folder = mkdtempSync(join(tmpdir(), 'hs-expected-'));
// Run as root, the server is another account and has to enter.
chmodSync(folder, 0o755);
const database = await openDatabase({ home: join(folder, 'home'), migrate: 'auto', serverSettings: { fsync: 'off' } });
try {
  writeFileSync('src/db/expected-schema.json', `${JSON.stringify(await readSchemaObjects(database.knex), null, 2)}\n`);
} finally {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}
