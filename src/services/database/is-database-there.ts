import { readEmbeddedStatus } from '../../db/embedded/stop-embedded.ts';
import type { DatabaseTarget } from './local-server.ts';

/** False while the local database was not created yet; whether a server answers is only known by asking it. */
export async function isDatabaseThere({ home, url }: DatabaseTarget): Promise<boolean> {
  return url !== undefined || (await readEmbeddedStatus(home)).isCreated;
}
