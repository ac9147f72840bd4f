import {
  complaintAboutFlagTime,
  flagTimeOfStep,
  flagTimesInSequence,
  parseFlagTime,
  type FlagTime,
} from '../../../domain/time/flag-time.ts';
import { UsageError } from '../../../errors/hs-error.ts';
import { discoverFiles } from '../../../media/discover-files.ts';
import type { ScanContext } from './scan-context.ts';

/** The time that `--time` gives to one file after the other; undefined where the flag is not given. */
export type FlagClock = {
  next(zone: string, durationMs: number | undefined): FlagTime | undefined;
  /** A listed file that needs no time now has its place in the order all the same. */
  pass(durationMs: number | null | undefined): void;
};

/** Checks the use of `--time` before anything is written. Throws UsageError. */
export async function createFlagClock(context: Pick<ScanContext, 'request' | 'signal'>): Promise<FlagClock> {
  const { time, timeStepS, timeSequential } = context.request;
  if (time === undefined) {
    if (timeStepS !== undefined || timeSequential) throw new UsageError('--time-step and --time-sequential need --time');
    return { next: () => undefined, pass: () => undefined };
  }
  const checked = parseFlagTime(time, 'UTC');
  if (!checked.ok) throw new UsageError(`--time: ${checked.message}`);
  const complaint = complaintAboutFlagTime({ files: await countFiles(context), timeStepS, timeSequential });
  if (complaint !== undefined) throw new UsageError(complaint);
  let index = 0;
  let elapsedMs = 0;
  const pass = (durationMs: number | null | undefined): void => {
    index += 1;
    elapsedMs += Math.round(durationMs ?? 0);
  };
  return {
    pass,
    next(zone, durationMs) {
      const parsed = parseFlagTime(time, zone);
      if (!parsed.ok) throw new UsageError(`--time: ${parsed.message}`);
      const at = timeSequential ? flagTimesInSequence(parsed.time, [elapsedMs]).at(-1) : flagTimeOfStep(parsed.time, index, timeStepS ?? 0);
      pass(durationMs);
      return at;
    },
  };
}

/** Two are enough to know. */
async function countFiles({ request, signal }: Pick<ScanContext, 'request' | 'signal'>): Promise<number> {
  let files = 0;
  for await (const one of discoverFiles(request.roots, { include: request.include, exclude: request.exclude, signal })) {
    if (one.kind === 'file') files += 1;
    if (files > 1) break;
  }
  return files;
}
