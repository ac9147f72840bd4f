import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { startHs } from '../helpers/run-hs.ts';

export type Measured = {
  /** Of the process itself, not of its workers or its database. */
  peakBytes: number;
  /** Until the first row was in the ledger, or the first file had been listed; undefined: there was none. */
  firstMs: number | undefined;
  /** From the stop request to the end; undefined: it ended before. */
  stopMs: number | undefined;
  wallMs: number;
  code: number | null;
  found: number;
  /** In the ledger, in the end. */
  rows: number;
  stderr: string;
};

type MeasureOptions = { env: Readonly<Record<string, string>> & { HS_HOME: string }; stopAfterMs: number };

const LOOK_EVERY_MS = 50;
const LONGEST_STEP_MS = 2_500;
/** As on a terminal: progress ten times a second. */
const ON_A_TERMINAL = '--import=data:text/javascript,Object.assign(process.stderr,{isTTY:true,columns:200,getWindowSize:()=>[200,50]})';

/** Runs an ingest in a home whose server is up, stops it when its time is over, and says what it needed. */
export async function measureIngest(args: readonly string[], { env, stopAfterMs }: MeasureOptions): Promise<Measured> {
  const database = await openDatabase({ home: env.HS_HOME, migrate: 'auto' });
  try {
    const before = await countRows(database);
    const clock = createClock();
    const child = startHs(args, { env: { ...env, NODE_OPTIONS: ON_A_TERMINAL } });
    const seen = { peakBytes: 0, firstMs: undefined as number | undefined, found: 0, stderr: '' };
    const { sinceMs } = clock;
    const isDry = args.includes('--dry-run');
    child.stdout.resume();
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      seen.stderr = (seen.stderr + text).slice(-2_000);
      const found = Number(/([0-9]+) found/.exec(text)?.[1] ?? 0);
      if (isDry && found > 0) seen.firstMs ??= sinceMs();
      seen.found = Math.max(seen.found, found);
    });
    const ended = new Promise<number | null>((done) =>
      child.on('close', (code, signal) => {
        // Before hs listens for it the signal itself ends the process.
        done(signal === 'SIGINT' ? 130 : code);
      }),
    );
    let stoppedMs: number | undefined;
    while (child.exitCode === null && child.signalCode === null) {
      seen.peakBytes = Math.max(seen.peakBytes, readPeak(child.pid));
      if (!isDry && seen.firstMs === undefined && (await hasMore(database, before))) seen.firstMs = sinceMs();
      if (stoppedMs === undefined && sinceMs() > stopAfterMs && child.kill('SIGINT')) stoppedMs = sinceMs();
      await Promise.race([sleep(LOOK_EVERY_MS), ended]);
      clock.tick();
    }
    const code = await ended;
    const wallMs = sinceMs();
    return { ...seen, stopMs: stoppedMs === undefined ? undefined : wallMs - stoppedMs, wallMs, code, rows: await countRows(database) };
  } finally {
    await database.close();
  }
}

/** Time in which we ran: where everything is stopped for a while, as by a job control, that while does not count. */
function createClock(): { sinceMs: () => number; tick: () => void } {
  let [sum, lastMs] = [0, performance.now()];
  const sinceMs = (): number => sum + Math.min(performance.now() - lastMs, LONGEST_STEP_MS);
  return {
    sinceMs,
    tick: () => {
      sum = sinceMs();
      lastMs = performance.now();
    },
  };
}

function readPeak(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0; // it has just ended
  }
}

async function countRows({ knex }: Database): Promise<number> {
  const { rows } = await knex.raw<{ rows: { n: number }[] }>('SELECT count(*)::int AS n FROM media_files');
  return rows[0]?.n ?? 0;
}

/** What a run before has listed is a result of that run. */
async function hasMore({ knex }: Database, before: number): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: unknown[] }>('SELECT FROM media_files OFFSET ? LIMIT 1', [before]);
  return rows.length > 0;
}
