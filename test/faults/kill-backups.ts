import { copyFile, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyBackup } from '../../src/services/backup/verify-backup.ts';
import { killedRun } from './killed-run.ts';
import { readContent } from './read-content.ts';
import { checkDeep, count, isSameFile, type BackupStorm, type Content } from './run-backup-storm.ts';

const CHECK_EVERY = 5;
/** Runs for each kill wanted: those that end before their kill tell how long a run takes now. */
const RUNS_A_KILL = 10;

/** Restores the content that is not there, killed at random moments: what is there then is one of the two. */
export async function killRestores(storm: BackupStorm): Promise<void> {
  let [other, there] = storm.contents;
  const restore = (content: Content): string[] => ['backup', 'restore', content.path, '--replace', '--yes', '--no-safety-backup'];
  let tookMs = await timed(storm, restore(other));
  [other, there] = [there, other];
  let kills = 0;
  for (let round = 0; kills < storm.kills && round < storm.kills * RUNS_A_KILL; round += 1) {
    const { wasKilled, ms } = await killedRun(storm, restore(other), tookMs);
    if (wasKilled) kills += 1;
    else tookMs = ms;
    const now = await settledContent(storm);
    const found = storm.contents.find(({ digest }) => digest === now);
    if (found === undefined) storm.violations.push(`restore ${String(round)}: the database is neither ${there.name} nor ${other.name}`);
    if (!wasKilled && found !== other) storm.violations.push(`restore ${String(round)} ended and ${other.name} is not there`);
    count(storm, wasKilled ? `restores killed, ${found === other ? 'new' : 'old'} content there` : 'restores that ended before the kill');
    if (found === other) [other, there] = [there, other];
    if (wasKilled && (kills % CHECK_EVERY === 0 || kills === 1)) await expectCheck(storm, there);
  }
  if (kills < storm.kills) storm.violations.push(`only ${String(kills)} restores could be killed`);
  const { code, stderr } = await storm.hs(restore(other));
  if (code !== 0 || (await readContent(storm.database.knex)) !== other.digest)
    storm.violations.push(`the restore after all kills: ${stderr}`);
}

async function expectCheck(storm: BackupStorm, there: Content): Promise<void> {
  const said = await checkDeep(storm.hs);
  if (said !== there.check) storm.violations.push(`hs check --deep says after a kill: ${said}`);
  count(storm, `hs check --deep with code ${said.split(' ')[0] ?? ''}, as without a kill`);
}

/** Writes over a backup that is there, killed at random moments: the file is the old one or a good one. */
export async function killCreates(storm: BackupStorm): Promise<void> {
  const path = join(storm.folder, 'kept.zip');
  await copyFile(storm.contents[0].path, path);
  const create = ['backup', 'create', '--out', path];
  let tookMs = await timed(storm, create);
  let kills = 0;
  for (let round = 0; kills < storm.kills && round < storm.kills * RUNS_A_KILL; round += 1) {
    const before = await readFile(path);
    const { wasKilled, ms } = await killedRun(storm, create, tookMs);
    if (wasKilled) kills += 1;
    else tookMs = ms;
    const isOld = await isSameFile(path, before);
    const isGood = await verifyBackup(path, { signal: new AbortController().signal }).then(
      () => true,
      () => false,
    );
    if (!isGood) storm.violations.push(`create ${String(round)} left a file that is no good backup`);
    if (!wasKilled && isOld) storm.violations.push(`create ${String(round)} ended and the file is the old one`);
    count(storm, wasKilled ? `creates killed, ${isOld ? 'old' : 'new'} file there` : 'creates that ended before the kill');
  }
  if (kills < storm.kills) storm.violations.push(`only ${String(kills)} creates could be killed`);
  for (const name of await readdir(storm.folder)) {
    if (!name.endsWith('.tmp')) continue;
    await rm(join(storm.folder, name));
    count(storm, 'temporary files of killed creates left behind');
  }
}

async function timed({ hs }: BackupStorm, args: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  const { code, stderr } = await hs(args);
  if (code !== 0) throw new Error(`hs ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
  return performance.now() - startedMs;
}

/** The server needs a moment to see that its client is gone. */
async function settledContent({ database: { knex } }: BackupStorm): Promise<string> {
  for (;;) {
    const { rows } = await knex.raw<{ rows: unknown[] }>(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    );
    if (rows.length === 0) return readContent(knex);
    await sleep(50);
  }
}
