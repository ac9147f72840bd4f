import type { JobQueue } from './job-queues.ts';

type CommandJob = {
  /** The kind of job that the command is. */
  jobType: string;
  /** Where --queue leaves it: who takes what is in there has what it needs. Undefined: it is done at once. */
  queue?: JobQueue;
  /** Whether it makes sense by the clock: it changes or writes something and asks nobody. */
  isTimed: boolean;
};

/** Commands that a worker can run, by the clock or because they were left to it. */
export const COMMAND_JOBS: Readonly<Record<string, CommandJob>> = {
  ingest: { jobType: 'ingest', isTimed: true },
  analyze: { jobType: 'ai_analysis', queue: 'risk', isTimed: true },
  'alerts:deliver': { jobType: 'alert', isTimed: true },
  'audit:anchor': { jobType: 'audit', isTimed: true },
  'audit:verify': { jobType: 'audit', isTimed: true },
  'backup:create': { jobType: 'backup', queue: 'export', isTimed: true },
  'backup:verify': { jobType: 'backup', isTimed: true },
  'baselines:rebuild': { jobType: 'baselines', queue: 'derive', isTimed: true },
  'baselines:update': { jobType: 'baselines', queue: 'derive', isTimed: true },
  check: { jobType: 'check', isTimed: true },
  'db:vacuum': { jobType: 'maintenance', isTimed: true },
  'detections:crop': { jobType: 'crops', queue: 'export', isTimed: false },
  'entities:rebuild': { jobType: 'entities', queue: 'detect', isTimed: true },
  'entities:update': { jobType: 'entities', queue: 'detect', isTimed: true },
  'events:clip': { jobType: 'clips', queue: 'export', isTimed: false },
  'evidence:create': { jobType: 'export', queue: 'export', isTimed: false },
  'export:alerts': { jobType: 'export', queue: 'export', isTimed: true },
  'export:detections': { jobType: 'export', queue: 'export', isTimed: true },
  'export:events': { jobType: 'export', queue: 'export', isTimed: true },
  'jobs:verify': { jobType: 'check', isTimed: true },
  prune: { jobType: 'retention', isTimed: true },
  'report:camera': { jobType: 'report', queue: 'export', isTimed: true },
  'report:daily': { jobType: 'report', queue: 'export', isTimed: true },
  'report:weekly': { jobType: 'report', queue: 'export', isTimed: true },
  stats: { jobType: 'report', isTimed: true },
  'summaries:create': { jobType: 'summary', isTimed: true },
};

/** Whether these words of a command line read standard input or write to standard output, which no worker has. */
export function hasStandardStreams(words: readonly string[]): boolean {
  return words.some((word) => word === '-' || word.endsWith('=-'));
}
