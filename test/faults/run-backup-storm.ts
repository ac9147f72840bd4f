import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fillMonths } from '../../bench/retention/fill-months.ts';
import type { Database } from '../../src/db/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';
import { seededRandom } from '../unit/domain/make-detections.ts';
import { damageBackups } from './damage-backups.ts';
import { fillDisks } from './fill-disks.ts';
import { killCreates, killRestores } from './kill-backups.ts';
import { readContent } from './read-content.ts';

export type BackupStormOptions = {
  /** Migrated and empty, and its address for the program. */
  database: Database;
  url: string;
  /** Of its own. */
  folder: string;
  /** Of restores, and of creates. */
  kills: number;
  /** Places where a byte is damaged. */
  bytes: number;
  /** How many parts are damaged at most, each in every way. */
  parts: number;
  rows: number;
  seed: number;
  log: (line: string) => void;
};

/** Two contents of the database, each with its backup and with what `hs check --deep` says of it. */
export type Content = { name: string; path: string; digest: string; check: string };

export type BackupStorm = BackupStormOptions & {
  random: () => number;
  contents: readonly [Content, Content];
  counts: Record<string, number>;
  violations: string[];
  hs: (args: readonly string[]) => Promise<HsResult>;
  env: Readonly<Record<string, string>>;
};

export type BackupStormResult = Pick<BackupStorm, 'counts' | 'violations'>;

/** Kills restores and creates, fills disks and damages files: the content must be the old one or the new one, each time. */
export async function runBackupStorm(options: BackupStormOptions): Promise<BackupStormResult> {
  const env = { HS_HOME: join(options.folder, 'home'), HS_DATABASE_URL: options.url };
  const hs: BackupStorm['hs'] = (args) => runHs(args, { env, cwd: options.folder, timeoutMs: 300_000 });
  const { knex } = options.database;
  await fillMonths(knex, { months: [new Date('2026-01-01')], rows: options.rows });
  await knex.raw(`UPDATE detections d SET frame_offset_ms = extract(epoch FROM d.detected_at - m.captured_at) * 1000
                    FROM media_files m WHERE m.id = d.media_file_id`);
  await hs(['check', '--deep', '--fix']);
  const first = await keep({ ...options, hs }, 'first');
  await knex('events').update({ summary: 'Another content.' });
  await knex('detections').whereRaw('id % 7 = 0').delete();
  const second = await keep({ ...options, hs }, 'second');
  const contents = [first, second] as const;
  const storm: BackupStorm = { ...options, random: seededRandom(options.seed), contents, counts: {}, violations: [], hs, env };
  for (const [what, step] of Object.entries({ killRestores, killCreates, fillDisks, damageBackups })) {
    await step(storm);
    options.log(`${what}: ${String(storm.violations.length)} violations so far`);
  }
  return storm;
}

type Keeping = Pick<BackupStorm, 'database' | 'folder' | 'hs'>;

async function keep({ database, folder, hs }: Keeping, name: string): Promise<Content> {
  const path = join(folder, `${name}.zip`);
  await rm(path, { force: true });
  const { code, stderr } = await hs(['backup', 'create', '--out', path]);
  if (code !== 0) throw new Error(`backup create ended with ${String(code)}: ${stderr}`);
  const check = await checkDeep(hs);
  if (!check.startsWith('0 ')) throw new Error(`hs check --deep is not content with what was made here: ${check}`);
  return { name, path, digest: await readContent(database.knex), check };
}

/** Exit code and findings of `hs check --deep`. */
export async function checkDeep(hs: BackupStorm['hs']): Promise<string> {
  const { code, stdout } = await hs(['check', '--deep']);
  return `${String(code)} ${stdout}`;
}

export function count({ counts }: Pick<BackupStorm, 'counts'>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

export async function isSameFile(path: string, bytes: Buffer): Promise<boolean> {
  return (await readFile(path).catch(() => Buffer.alloc(0))).equals(bytes);
}
