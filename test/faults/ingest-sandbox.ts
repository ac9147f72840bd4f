import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, startHs } from '../helpers/run-hs.ts';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';

/** What `hs ingest --json` says, as far as tests look at it. */
export type IngestReport = {
  tally: Record<string, number>;
  changes: { created: number; changed: number; absorbed: number; deleted: number };
  run_id?: string;
  job_id?: string;
  stopped_by?: string;
  problems: { path: string; camera?: string; status: string; code: string; message: string }[];
};

export type IngestResult = { code: number | null; report: IngestReport; stderr: string };

type IngestOptions = { env?: Readonly<Record<string, string>>; workers?: number };

/** A database and a folder of their own, and the program to run on them. */
export type IngestSandbox = {
  db: TestDatabase;
  folder: string;
  footage: string;
  hs(args: readonly string[], env?: Readonly<Record<string, string>>, cwd?: string): ReturnType<typeof runHs>;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcessWithoutNullStreams;
  /** `hs ingest … --json` with the built-in detector; fails the test when nothing readable comes back. */
  ingest(args: readonly string[], options?: IngestOptions): Promise<IngestResult>;
  dispose(): Promise<void>;
};

export async function createIngestSandbox(): Promise<IngestSandbox> {
  const db = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'hs-ingest-'));
  const footage = join(folder, 'footage');
  const own = { HS_HOME: join(folder, 'home'), HS_DATABASE_URL: db.url };
  const hs: IngestSandbox['hs'] = (args, env, cwd = folder) => runHs(args, { env: { ...own, ...env }, cwd, timeoutMs: 110_000 });
  return {
    db,
    folder,
    footage,
    hs,
    start: (args, env) => startHs(args, { env: { ...own, ...env }, cwd: folder }),
    async ingest(args, { env, workers = 2 } = {}) {
      const detector = args.includes('--detector') ? [] : ['--detector', 'motion'];
      const { code, stdout, stderr } = await hs(['ingest', ...args, ...detector, '--workers', String(workers), '--json'], env);
      if (stdout === '') throw new Error(`hs ingest ended with ${String(code)} and said: ${stderr}`);
      return { code, report: JSON.parse(stdout) as IngestReport, stderr };
    },
    async dispose() {
      await db.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
