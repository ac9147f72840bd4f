import { COMMAND_JOBS, hasStandardStreams } from '../../domain/command-jobs.ts';
import { UsageError } from '../../errors/hs-error.ts';

/** A worker has its own; and nobody reads what it prints, or answers. */
const NEEDS_NOTHING_HERE: Readonly<Record<string, string>> = {
  db: 'a worker has its own database: leave --db out',
  config: 'a worker has its own configuration: leave --config out',
};

/** They print what they found where they are not told to write it. */
const NEEDS_OUT = new Set(['report:camera', 'report:daily', 'report:weekly', 'stats', 'audit:anchor']);

/** The kind of job that a command is. Throws UsageError for one that no schedule can run, and for words that only make sense here. */
export function jobTypeOf({
  id,
  words,
  flags,
}: {
  id: string;
  words: readonly string[];
  flags: Readonly<Record<string, unknown>>;
}): string {
  const job = COMMAND_JOBS[id];
  if (job?.isTimed !== true) {
    const names = Object.entries(COMMAND_JOBS).flatMap(([name, { isTimed }]) => (isTimed ? [name.replaceAll(':', ' ')] : []));
    throw new UsageError(`hs ${id.replaceAll(':', ' ')} is not for schedules`, { hint: `these are: ${names.join(', ')}` });
  }
  for (const [flag, reason] of Object.entries(NEEDS_NOTHING_HERE)) if (flags[flag] !== undefined) throw new UsageError(reason);
  if (id === 'prune') checkPrune(flags);
  if (NEEDS_OUT.has(id) && flags['out'] === undefined) throw new UsageError('nobody reads what a worker prints: name a file with --out');
  if (hasStandardStreams(words)) throw new UsageError('a worker has no standard input and output: name files instead of -');
  return job.jobType;
}

/** What goes is said beforehand to nobody here, and that it is most of what there is somebody has to have seen. */
function checkPrune(flags: Readonly<Record<string, unknown>>): void {
  if (flags['apply'] !== true) throw new UsageError('nobody reads what a worker would prune: give --apply');
  if (flags['force'] === true)
    throw new UsageError('--force is for somebody who looks: a schedule never removes more than half of a table');
}
