import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { openEmbedded } from '../../src/db/embedded/open-embedded.ts';
import { migrateToLatest } from '../../src/db/migrate.ts';

type Place = { database: Database; url: string; folder: string };
type Outcome = { counts: Readonly<Record<string, number>>; violations: readonly string[] };

export const print = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Runs a storm on a server and folder of its own and prints what it counted; exits with 1 when anything is not as it must be. */
export async function withStormDatabase(purpose: string, storm: (place: Place) => Promise<Outcome>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), `hs-${purpose}-storm-`));
  await chmod(folder, 0o755); // as root the server runs as another account and must get through
  const server = await openEmbedded({ home: folder });
  const url = `postgresql:///postgres?host=${encodeURIComponent(server.connection.host)}&user=${server.connection.user}`;
  const database = await openDatabase({ url, home: '/nonexistent', migrate: 'none' });
  try {
    await migrateToLatest(database);
    const { counts, violations } = await storm({ database, url, folder });
    for (const [what, count] of Object.entries(counts)) print(`${String(count).padStart(6)}  ${what}`);
    for (const violation of violations) print(`VIOLATION ${violation}`);
    if (violations.length > 0) process.exitCode = 1;
  } finally {
    await database.close();
    await server.leave();
    await rm(folder, { recursive: true, force: true });
  }
}
