import { UsageError } from '../../errors/hs-error.ts';

/** Commands that make sense by the clock, and the kind of job they are: those that change or write something and ask nobody. */
const JOB_TYPES: Readonly<Record<string, string>> = {
  ingest: 'ingest',
  analyze: 'ai_analysis',
  'alerts:deliver': 'alert',
  'audit:anchor': 'audit',
  'audit:verify': 'audit',
  'backup:create': 'backup',
  'backup:verify': 'backup',
  'baselines:rebuild': 'baselines',
  'baselines:update': 'baselines',
  check: 'check',
  'db:vacuum': 'maintenance',
  'entities:rebuild': 'entities',
  'entities:update': 'entities',
  'export:alerts': 'export',
  'export:detections': 'export',
  'export:events': 'export',
  'jobs:verify': 'check',
  'report:camera': 'report',
  'report:daily': 'report',
  'report:weekly': 'report',
  stats: 'report',
  'summaries:create': 'summary',
};

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
  const jobType = JOB_TYPES[id];
  if (id === 'prune') {
    throw new UsageError('hs prune has to be alone, and a worker that runs is somebody else', {
      hint: "have the machine do it while no worker runs: hs schedules print --cron '0 5 * * 0' -- prune --apply --lock-wait 3600",
    });
  }
  if (jobType === undefined) {
    const names = Object.keys(JOB_TYPES).map((name) => name.replaceAll(':', ' '));
    throw new UsageError(`hs ${id.replaceAll(':', ' ')} is not for schedules`, { hint: `these are: ${names.join(', ')}` });
  }
  for (const [flag, reason] of Object.entries(NEEDS_NOTHING_HERE)) if (flags[flag] !== undefined) throw new UsageError(reason);
  if (NEEDS_OUT.has(id) && flags['out'] === undefined) throw new UsageError('nobody reads what a worker prints: name a file with --out');
  if (words.some((word) => word === '-' || word.endsWith('=-')))
    throw new UsageError('a worker has no standard input and output: name files instead of -');
  return jobType;
}
