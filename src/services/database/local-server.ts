import { openDatabase } from '../../db/database.ts';
import { keepRunning } from '../../db/embedded/keep-running.ts';
import { stopEmbedded } from '../../db/embedded/stop-embedded.ts';
import { UsageError } from '../../errors/hs-error.ts';

/** Which database is meant, as settings say; `url` set: a server that is not ours. */
export type DatabaseTarget = {
  home: string;
  url?: string | undefined;
  pgBin?: string | undefined;
  pgUser?: string | undefined;
  log?: (message: string) => void;
};

export type StartedServer = { target: string; kept: boolean };

/** Starts the local server and migrates it. Kept: it runs until it is stopped; else the next command that ends stops it. */
export async function startLocalServer(target: DatabaseTarget, options: { keep: boolean }): Promise<StartedServer> {
  assertLocal(target, 'started');
  const database = await openDatabase({ ...target, migrate: 'auto' });
  if (options.keep) keepRunning(target.home);
  await database.close({ leaveRunning: true });
  return { target: database.describe, kept: options.keep };
}

/** False when it did not run. */
export async function stopLocalServer(target: DatabaseTarget, options: { force: boolean }): Promise<boolean> {
  assertLocal(target, 'stopped');
  return stopEmbedded(target.home, options);
}

function assertLocal(target: DatabaseTarget, action: string): void {
  if (target.url === undefined) return;
  throw new UsageError(`database.url names a PostgreSQL server, which is not ${action} by hs`, {
    code: 'not_the_local_database',
    hint: 'unset database.url (HS_DATABASE_URL) to use the local database',
  });
}
