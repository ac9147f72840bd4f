// node --import tsx test/faults/backup-storm.ts --kills 20 --bytes 200 --rows 20000 --seed 1
// Needs Linux and a built program; a disk that is full needs root. Exits with 1 when anything is not as it must be.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '../../src/db/database.ts';
import { openEmbedded } from '../../src/db/embedded/open-embedded.ts';
import { migrateToLatest } from '../../src/db/migrate.ts';
import { runBackupStorm } from './run-backup-storm.ts';

const number = (fallback: string) => ({ type: 'string', default: fallback }) as const;
const { values } = parseArgs({ options: { kills: number('20'), bytes: number('200'), rows: number('20000'), seed: number('1') } });
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), 'hs-backup-storm-'));
await chmod(folder, 0o755); // as root the server runs as another account and must get through
const server = await openEmbedded({ home: folder });
const url = `postgresql:///postgres?host=${encodeURIComponent(server.connection.host)}&user=${server.connection.user}`;
const database = await openDatabase({ url, home: '/nonexistent', migrate: 'none' });
try {
  await migrateToLatest(database);
  const { kills, bytes, rows, seed } = values;
  const options = { kills: Number(kills), bytes: Number(bytes), rows: Number(rows), seed: Number(seed), parts: Infinity };
  const { counts, violations } = await runBackupStorm({ database, url, folder, ...options, log: print });
  for (const [what, count] of Object.entries(counts)) print(`${String(count).padStart(6)}  ${what}`);
  for (const violation of violations) print(`VIOLATION ${violation}`);
  if (violations.length > 0) process.exitCode = 1;
} finally {
  await database.close();
  await server.leave();
  await rm(folder, { recursive: true, force: true });
}
