import { setTimeout as sleep } from 'node:timers/promises';
import { startHs } from '../helpers/run-hs.ts';

/** Before that share of its time a run has not yet opened the database. */
const EARLIEST = 0.15;

export type KilledRunOptions = {
  env: Readonly<Record<string, string>>;
  folder: string;
  random: () => number;
  violations: string[];
};

export type KilledRun = { wasKilled: boolean; ms: number };

/** Runs `hs` and kills it at a random moment of the time it last took; one that ends before that, and badly, is a violation. */
export async function killedRun(options: KilledRunOptions, args: readonly string[], tookMs: number): Promise<KilledRun> {
  const { env, folder, random, violations } = options;
  const startedMs = performance.now();
  const child = startHs(args, { env, cwd: folder });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdout.resume();
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('close', (...how) => {
      resolve(how);
    }),
  );
  await Promise.race([sleep(tookMs * (EARLIEST + random() * (1.05 - EARLIEST))), ended]);
  child.kill('SIGKILL');
  const [code, signal] = await ended;
  if (signal === null && code !== 0) violations.push(`hs ${args.join(' ')} ended with ${String(code)}: ${said}`);
  return { wasKilled: signal === 'SIGKILL', ms: performance.now() - startedMs };
}
