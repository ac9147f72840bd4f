import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';

import type { FindingKind } from '../../domain/run-findings.ts';
import { parseSampleMode } from '../../domain/sampling.ts';
import { parseShard, type Shard } from '../../domain/shard.ts';
import { fieldsOfWallClock, localToUtc, utcToLocal, wallClockMs } from '../../domain/time/local-time.ts';
import { UsageError } from '../../errors/hs-error.ts';
import type { GivenRequest } from './given/read-document.ts';
import type { IngestRequest, IngestSettings, RedoChoice } from './ingest-options.ts';

/** Flags of `hs ingest` as they come from the command line. */
export type IngestFlags = {
  roots: string[];
  camera?: string | undefined;
  layout?: string | undefined;
  time?: string | undefined;
  'time-step'?: number | undefined;
  'time-sequential': boolean;
  include?: string[] | undefined;
  exclude?: string[] | undefined;
  redo?: string | undefined;
  replace: boolean;
  'verify-hash': boolean;
  limit?: number | undefined;
  shard?: string | undefined;
  /** In ms. */
  'max-duration'?: number | undefined;
  'stop-at'?: { hour: number; minute: number } | undefined;
  'dry-run': boolean;
  analyze: boolean;
  'fail-on'?: FindingKind[] | undefined;
  from?: string | undefined;
  images?: string | undefined;
  actor: string;
  settings: IngestSettings & { sample: string; sampleFps: number };
  now: Date;
};

/** Checks what the flags mean together. With `--from` the first of `roots` is the document. Throws UsageError. */
export function toIngestRequest(flags: IngestFlags): IngestRequest {
  const { settings } = flags;
  const plan = parseSampleMode(settings.sample, settings.sampleFps);
  if (plan === undefined)
    throw new UsageError(`sample: ${JSON.stringify(settings.sample)} is not one of motion, keyframes, fps=F or every=Ns`);
  if (flags.roots.length === 0) throw new UsageError('name at least one folder or file', { hint: 'hs ingest /footage' });
  return {
    ...whatAndWhere(flags),
    camera: flags.camera,
    layout: flags.layout,
    time: flags.time,
    timeStepS: flags['time-step'],
    timeSequential: flags['time-sequential'],
    include: flags.include ?? [],
    exclude: flags.exclude ?? [],
    redo: flags.redo as RedoChoice | undefined,
    replace: flags.replace,
    verifyHash: flags['verify-hash'],
    dryRun: flags['dry-run'],
    analyze: flags.analyze,
    failOn: flags['fail-on'] ?? [],
    limit: flags.limit,
    deadline: deadlineOf(flags),
    shard: flags.shard === undefined ? undefined : shardOf(flags.shard),
    plan,
    actor: flags.actor,
  };
}

function shardOf(text: string): Shard {
  const shard = parseShard(text);
  if (shard !== undefined) return shard;
  throw new UsageError(`--shard ${JSON.stringify(text)} is not a part such as 1/4: the first of four (1/4, 2/4, 3/4, 4/4)`, {
    hint: 'where the scheduler counts from 0, add 1: --shard $((SLURM_ARRAY_TASK_ID + 1))/4',
  });
}

/** Where no folder is named, names in the document begin at its own. */
function whatAndWhere({ roots, from, images }: IngestFlags): Pick<IngestRequest, 'roots' | 'given'> {
  const [path = '', ...folders] = roots;
  if (from === undefined) return { roots };
  if (images !== undefined && from !== 'coco') throw new UsageError('--images goes with --from coco only');
  const given = { format: from as GivenRequest['format'], path, imagesPath: images };
  return { given, roots: folders.length > 0 ? folders : [dirname(path)] };
}

/** Worker processes: as set, else one per core. */
export function workerCount(settings: IngestSettings): number {
  return settings.ingest.workers ?? availableParallelism();
}

export type DeadlineFlags = Pick<IngestFlags, 'max-duration' | 'stop-at' | 'now'> & { settings: { timezone?: string | undefined } };

/** After which nothing new is begun; undefined: no end was given. */
export function deadlineOf(flags: DeadlineFlags): Date | undefined {
  const nowMs = flags.now.getTime();
  const { 'max-duration': maxMs, 'stop-at': clock, settings } = flags;
  const ends = [
    ...(maxMs === undefined ? [] : [nowMs + maxMs]),
    ...(clock === undefined ? [] : [nextAt(clock, nowMs, settings.timezone ?? systemZone())]),
  ];
  return ends.length === 0 ? undefined : new Date(Math.min(...ends));
}

/** The next moment at which clocks in the zone show this time; in a skipped hour the one after it. */
export function nextAt({ hour, minute }: { hour: number; minute: number }, nowMs: number, zone: string): number {
  const todayMs = wallClockMs(utcToLocal(nowMs, zone));
  for (let day = 0; ; day += 1) {
    // On the wall clock: 24 hours later may be the day after the next.
    const local = fieldsOfWallClock(todayMs + day * 86_400_000);
    const reading = localToUtc({ ...local, hour, minute, second: 0, millisecond: 0 }, zone);
    const atMs = reading.kind === 'fold' ? reading.earlyMs : reading.utcMs;
    if (atMs > nowMs) return atMs;
  }
}

/** The wall clock of the machine, for working hours only: never for footage. */
function systemZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
