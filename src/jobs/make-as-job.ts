import { EXIT, mostTellingExitCode, type ExitCode } from '../errors/exit-codes.ts';
import { toErrorReport } from '../errors/to-error-report.ts';
import { runAsJob, type RunAsJobOptions } from './run-as-job.ts';

/** Items that were seen to, whatever came of them. */
type Progress = { done: number; total: number };

export type MakingHooks = {
  /** No further item is begun; the one at work is finished. */
  signal: AbortSignal;
  onFailure: (text: string) => void;
  onProgress: (progress: Progress) => void;
};

export type MakeAsJobOptions<Item> = {
  job: RunAsJobOptions;
  make: (hooks: MakingHooks) => AsyncIterable<Item>;
  /** What an item counts as in the result of the job. */
  kindOf: (item: Item) => string;
  /** Takes the items as they are made. */
  show: (items: AsyncIterable<Item>) => Promise<unknown>;
} & Omit<MakingHooks, 'signal'>;

/** Makes one item after the other with the records of a job around it: one that fails is told, a stop request ends it after the one at work. */
export async function makeAsJob<Item>({ job, make, kindOf, show, ...hooks }: MakeAsJobOptions<Item>): Promise<ExitCode> {
  const { exitCode } = await runAsJob(job, async ({ signal, log, progress }) => {
    const tally = new Map<string, number>([['failed', 0]]);
    const count = (kind: string): void => {
      tally.set(kind, (tally.get(kind) ?? 0) + 1);
    };
    const items = make({
      signal,
      onFailure: (text) => {
        count('failed');
        log('warning', text);
        hooks.onFailure(text);
      },
      onProgress: ({ done, total }) => {
        progress(Math.floor((100 * done) / Math.max(1, total)), `${String(done)} of ${String(total)}`);
        hooks.onProgress({ done, total });
      },
    });
    await show(
      eachCounted(items, (item) => {
        count(kindOf(item));
      }),
    );
    const summary = Object.fromEntries(tally);
    return { result: summary, exitCode: exitCodeOf(tally.get('failed') ?? 0, signal), summary };
  });
  return exitCode;
}

async function* eachCounted<Item>(items: AsyncIterable<Item>, count: (item: Item) => void): AsyncGenerator<Item> {
  for await (const item of items) {
    count(item);
    yield item;
  }
}

function exitCodeOf(failed: number, signal: AbortSignal): ExitCode {
  const codes: ExitCode[] = failed > 0 ? [EXIT.someFailed] : [];
  if (signal.aborted) codes.push(toErrorReport(signal.reason).exitCode);
  return mostTellingExitCode(codes);
}
