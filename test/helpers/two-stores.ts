import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createTestDatabase, type TestDatabase } from './database.ts';
import { runHs, type HsResult } from './run-hs.ts';

/** An ingest with the built-in detector, of files that may be new. */
export const INGEST = ['ingest', '--detector', 'motion', '--settle', '0', '--quiet'];

/** Two databases for the same footage: of a direct ingest, and of workers. */
export type TwoStores = {
  folder: string;
  footage: string;
  direct: TestDatabase;
  queued: TestDatabase;
  envOf: (database: TestDatabase) => Record<string, string>;
  hs: (database: TestDatabase, ...args: string[]) => Promise<HsResult>;
  dispose: () => Promise<void>;
};

export async function createTwoStores(): Promise<TwoStores> {
  const folder = await mkdtemp(join(tmpdir(), 'hs-two-'));
  const [direct, queued] = [await createTestDatabase(), await createTestDatabase()];
  const envOf: TwoStores['envOf'] = ({ url }) => ({ HS_DATABASE_URL: url, HS_HOME: join(folder, 'home') });
  return {
    folder,
    footage: join(folder, 'footage'),
    direct,
    queued,
    envOf,
    hs: (database, ...args) => runHs(args, { env: envOf(database), timeoutMs: 120_000 }),
    dispose: async () => {
      await direct.drop();
      await queued.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
