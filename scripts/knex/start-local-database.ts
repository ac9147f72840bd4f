import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { EmbeddedConnection } from '../../src/db/embedded/presence.ts';

/**
 * Starts the local database for a process that ends with `process.exit`, as Knex's command line does, and could not stop it. A
 * process of its own does both: it stops the server when the pipe between the two breaks and nobody else uses it.
 */
export async function startLocalDatabase(home: string): Promise<EmbeddedConnection> {
  const keeper = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'keep-local-database.ts'), home], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // Ctrl-C ends Knex, not the one who stops the server after it
  });
  const [said] = (await Promise.race([once(keeper.stdout, 'data'), once(keeper, 'exit')])) as [Buffer | number | null];
  if (!Buffer.isBuffer(said)) throw new Error('the local database could not be started');
  keeper.unref();
  return JSON.parse(said.toString()) as EmbeddedConnection;
}
