// node --import tsx test/faults/export-storm.ts --kills 100 --limits 100 --rows 3000 --seed 1
// Needs Linux and a built program; a disk that is full needs root. Exits with 1 when anything is not as it must be.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '../../src/db/database.ts';
import { openEmbedded } from '../../src/db/embedded/open-embedded.ts';
import { migrateToLatest } from '../../src/db/migrate.ts';
import { runExportStorm, STORM_FORMATS } from './run-export-storm.ts';

const number = (fallback: string) => ({ type: 'string', default: fallback }) as const;
const { values } = parseArgs({
  options: {
    kills: number('10'),
    limits: number('10'),
    rows: number('3000'),
    seed: number('1'),
    format: { type: 'string', multiple: true },
  },
});
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), 'hs-export-storm-'));
await chmod(folder, 0o755); // as root the server runs as another account and must get through
const server = await openEmbedded({ home: folder });
const url = `postgresql:///postgres?host=${encodeURIComponent(server.connection.host)}&user=${server.connection.user}`;
const database = await openDatabase({ url, home: '/nonexistent', migrate: 'none' });
try {
  await migrateToLatest(database);
  const { kills, limits, rows, seed, format } = values;
  const formats = STORM_FORMATS.filter((name) => format === undefined || format.includes(name));
  const amounts = { kills: Number(kills), limits: Number(limits), rows: Number(rows), seed: Number(seed) };
  const { counts, violations } = await runExportStorm({ database, url, folder, formats, ...amounts, log: print });
  for (const [what, count] of Object.entries(counts)) print(`${String(count).padStart(6)}  ${what}`);
  for (const violation of violations) print(`VIOLATION ${violation}`);
  if (violations.length > 0) process.exitCode = 1;
} finally {
  await database.close();
  await server.leave();
  await rm(folder, { recursive: true, force: true });
}
