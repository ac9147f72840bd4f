import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Flags } from '@oclif/core';
import { HsCommand } from '../cli/hs-command.ts';
import { clockFlag, durationFlag } from '../cli/moment-flags.ts';
import { chooseQueues, probeCapabilities, QUEUE_NAMES } from '../services/worker/capabilities.ts';
import { endOfWork } from '../services/worker/end-of-work.ts';

export default class Worker extends HsCommand<typeof Worker> {
  static override summary = 'Work off what was left to workers, on this machine.';
  static override description = `Any number of workers, on any number of machines, share the work of one database; each needs the footage under the same paths.
A worker that dies is taken over from within seconds, one that is told to stop finishes the files it is at and gives the rest back. It is a plain
process: cron, systemd, Slurm, Kubernetes or Nomad can run it.

Exit codes: 0 nothing left (--once, --idle-exit), 3 some jobs failed, 8 work may be left (--max-jobs, --max-duration, --until), 130 and 143 stopped.`;
  static override examples = [
    '<%= config.bin %> worker --once',
    '<%= config.bin %> worker --queues detect,derive,risk --concurrency 4 --until 06:00',
    '<%= config.bin %> worker --queues detect-gpu --device cuda --idle-exit 10m',
  ];
  static override settingFlags = { device: 'detector.device' };
  static override flags = {
    queues: Flags.string({
      summary: `Only these, in this order, separated by commas: ${QUEUE_NAMES}. By default all that this machine can serve.`,
      helpValue: 'NAMES',
    }),
    concurrency: Flags.integer({
      summary: 'Processes that compute at the same time, each with one job; default: one per core.',
      helpValue: 'N',
      min: 1,
      max: 256,
    }),
    device: Flags.string({ summary: 'Where to run models; without auto nothing else will do.', helpValue: 'auto|cpu|cuda|…' }),
    once: Flags.boolean({ summary: 'End when nothing is left in these queues, nor with another worker.' }),
    'idle-exit': durationFlag('End after so long without work, such as 10m.'),
    'max-jobs': Flags.integer({ summary: 'Take no more jobs than N.', helpValue: 'N', min: 1 }),
    'max-duration': durationFlag('Take no job after this long, such as 90m or 6h.'),
    until: clockFlag('Take no job after this time of day in the configured time zone.'),
    grace: durationFlag('When told to stop, give back what is not done after this long; default 30s.'),
  };

  async run(): Promise<void> {
    const { runWorker } = await import('../jobs/worker/run-worker.ts');
    const { flags, settings } = this;
    const able = await probeCapabilities(settings);
    const queues = chooseQueues(flags.queues, able);
    for (const line of able.remarks) this.note(line);
    this.note(`serving ${queues.join(', ')}`);
    const concurrency = flags.concurrency ?? settings.ingest.workers ?? availableParallelism();
    const outcome = await this.withDatabase(
      (database) =>
        runWorker({
          database,
          settings,
          queues,
          concurrency,
          settingsFingerprint: this.settingsFingerprint,
          version: this.config.version,
          logLevel: settings.logLevel,
          args: flags,
          program: join(this.config.root, 'bin', 'run.js'),
          limits: {
            once: flags.once,
            idleMs: flags['idle-exit'],
            maxJobs: flags['max-jobs'],
            deadline: endOfWork(flags, settings, new Date()),
          },
          graceMs: flags.grace ?? 30_000,
          signal: this.signal,
          warn: (message) => {
            this.note(message);
          },
          onJob: ({ jobType, id, fate, seconds }) => {
            this.note(`${jobType} ${id}: ${fate} (${seconds.toFixed(1)} s)`);
          },
        }),
      { poolMax: 6 + concurrency },
    );
    if (flags.json) await this.printJson({ schema_version: 1, item: { queues, ...outcome.tally, stopped_by: outcome.stoppedBy } });
    else
      await this.print(
        `${String(outcome.tally.done)} jobs done, ${String(outcome.tally.failed)} failed, ${String(outcome.tally['given-back'])} given back`,
      );
    this.exitWith(outcome.exitCode);
  }
}
