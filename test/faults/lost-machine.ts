// node --import tsx test/faults/lost-machine.ts
// Needs root on Linux with ip (network namespaces) and a built program. Exits with 1 when the lost machine is not noticed in time.
import { execFileSync, spawn } from 'node:child_process';
import { appendFile, chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/db/database.ts';
import { SUPERUSER } from '../../src/db/embedded/create-cluster.ts';
import { openEmbedded } from '../../src/db/embedded/open-embedded.ts';
import { layOutStore } from '../../src/db/embedded/store-layout.ts';
import { migrateToLatest } from '../../src/db/migrate.ts';
import { HS_BIN } from '../helpers/run-hs.ts';
import { print } from './with-storm-database.ts';

const NOTICED_WITHIN_S = 90;
const [HERE, THERE, SPACE] = ['10.97.31.1', '10.97.31.2', 'hs-far'];
const [NEAR_END, FAR_END] = ['hs-near0', 'hs-far0'];
const ip = (...words: string[]): Buffer => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'] });

/** A worker on another machine, whose network and power go at the same moment: no packet tells of its end. */
const folder = await mkdtemp(join(tmpdir(), 'hs-lost-machine-'));
await chmod(folder, 0o755);
ip('netns', 'add', SPACE);
try {
  ip('link', 'add', NEAR_END, 'type', 'veth', 'peer', 'name', FAR_END, 'netns', SPACE);
  ip('addr', 'add', `${HERE}/24`, 'dev', NEAR_END);
  ip('link', 'set', NEAR_END, 'up');
  ip('-n', SPACE, 'addr', 'add', `${THERE}/24`, 'dev', FAR_END);
  ip('-n', SPACE, 'link', 'set', FAR_END, 'up');
  process.exitCode = (await loseMachine()) ? 0 : 1;
} finally {
  ip('netns', 'del', SPACE);
  await rm(folder, { recursive: true, force: true });
}

async function loseMachine(): Promise<boolean> {
  const home = join(folder, 'home');
  await mkdir(home);
  const server = await openEmbedded({ home, serverSettings: { listen_addresses: HERE } });
  const database = await openDatabase({ home, migrate: 'none' });
  try {
    await migrateToLatest(database);
    await appendFile(join(layOutStore(home).data, 'pg_hba.conf'), `host all all ${THERE}/32 trust\n`);
    await database.knex.raw('SELECT pg_reload_conf()');
    const url = `postgresql://${SUPERUSER}@${HERE}:5432/postgres`;
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, HS_HOME: join(folder, 'far'), HS_DATABASE_URL: url };
    const worker = spawn('ip', ['netns', 'exec', SPACE, process.execPath, HS_BIN, 'worker', '--quiet'], { env, stdio: 'inherit' });
    const sessions = async (): Promise<number> => {
      const { rows } = await database.knex.raw<{ rows: { n: number }[] }>(
        'SELECT count(*)::int AS n FROM pg_stat_activity WHERE client_addr = ?',
        [THERE],
      );
      return rows[0]?.n ?? 0;
    };
    for (let waited = 0; (await sessions()) < 3 && waited < 600; waited += 1) await sleep(100);
    await sleep(3_000);
    const before = await sessions();
    ip('link', 'set', NEAR_END, 'down');
    worker.kill('SIGKILL');
    const lostMs = performance.now();
    while ((await sessions()) > 0 && performance.now() - lostMs < NOTICED_WITHIN_S * 1000) await sleep(500);
    const left = await sessions();
    print(
      `${String(before)} sessions of the lost machine, ${String(left)} left after ${((performance.now() - lostMs) / 1000).toFixed(0)} s`,
    );
    return before > 0 && left === 0;
  } finally {
    await database.close();
    await server.leave();
  }
}
