// npx tsx bench/ledger/run.ts --jobs 2000 --slots 8
// Claims and finishes jobs without work: what the records of a job cost.
import { Command } from 'commander';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/db/database.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { claim } from '../../src/jobs/ledger/claim.ts';
import { enqueue } from '../../src/jobs/ledger/enqueue.ts';
import { finish } from '../../src/jobs/ledger/finish.ts';
import { openLedger, type Ledger } from '../../src/jobs/ledger/ledger.ts';

type Options = { jobs: string; slots: string };

const { jobs, slots } = new Command()
  .option('--jobs <n>', '', '2000')
  .option('--slots <n>', 'claimed at the same time', '8')
  .parse()
  .opts<Options>();

const home = await mkdtemp(join(tmpdir(), 'hs-bench-ledger-'));
await chmod(home, 0o755); // as root the server runs as another account and must get through
const database = await openDatabase({ home, migrate: 'auto', poolMax: Number(slots) + 2 });
try {
  const ledger = await openLedger(database.knex);
  const enqueued = await timed(() => enqueueAll(ledger, Number(jobs)));
  const worked = await timed(() => Promise.all(Array.from({ length: Number(slots) }, () => workOff(ledger))));
  print('queued', enqueued);
  print(`claimed and finished, ${slots} at a time`, worked);
  await ledger.close();
} finally {
  await database.close();
  await rm(home, { recursive: true, force: true });
}

async function enqueueAll(ledger: Ledger, count: number): Promise<void> {
  for (let i = 0; i < count; i += 200) {
    const some = Array.from({ length: Math.min(200, count - i) }, (_, k) => ({
      ...{ queue: 'risk' as const, jobType: 'nothing', payload: {}, priority: 2, evenWhileRunning: false },
      naturalKey: `nothing-${String(i + k)}`,
    }));
    await enqueue(ledger, some);
  }
}

async function workOff(ledger: Ledger): Promise<void> {
  const workerId = uuidV7();
  for (;;) {
    const claimed = await claim(ledger, { queues: ['risk'], workerId });
    if (claimed === 'nothing') return;
    if (typeof claimed !== 'string') await finish(ledger, claimed, { result: {} });
  }
}

async function timed(work: () => Promise<unknown>): Promise<{ seconds: number; cpuSeconds: number }> {
  const [startedMs, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - startedMs) / 1000, cpuSeconds: (user + system) / 1e6 };
}

function print(what: string, { seconds, cpuSeconds }: { seconds: number; cpuSeconds: number }): void {
  const count = Number(jobs);
  console.log(
    `${what}: ${(count / seconds).toFixed(0)} jobs/s, ${((1000 * seconds) / count).toFixed(1)} ms a job (${((1000 * cpuSeconds) / count).toFixed(1)} ms of CPU here)`,
  );
}
