import type { FileHandle } from 'node:fs/promises';

import type { Size } from '../../domain/box.ts';
import { sampleBucket, type SamplePlan } from '../../domain/sampling.ts';
import type { DecodeReport, SampledFrame } from '../frame-stream.ts';
import { MAX_FOOTAGE_MS } from '../media-limits.ts';
import { DecoderLog, type CountedPart } from './decoder-log.ts';
import { FrameAssembler } from './frame-assembler.ts';
import { inputArguments } from './input-arguments.ts';
import type { FfmpegTools } from './locate-ffmpeg.ts';
import { OffsetQueue } from './offset-queue.ts';
import { runLimited, type LimitedRun } from './run-limited.ts';
import { sampleFilter, showinfoPlaces } from './sample-filter.ts';
import { WaitingClock, type WaitLimits } from './waiting-clock.ts';

export type DecodePass = {
  input: FileHandle;
  path: string;
  /** First bytes of the file. */
  head: Uint8Array;
  tools: FfmpegTools;
  plan: SamplePlan;
  durationMs: number | undefined;
  original: Size;
  target: Size;
  maxFrames: number | undefined;
  /** Earlier frames are skipped by seeking; offsets still count from the start of the file. */
  fromMs?: number | undefined;
  /** Only this part is reported on, and nothing after it is delivered. */
  part?: CountedPart | undefined;
  limits: WaitLimits;
  signal: AbortSignal | undefined;
};

/** CPU seconds above the waiting limit, for what the decoder does ahead while nobody waits for it. */
const CPU_MARGIN_S = 60;
/** Decoded beyond a part, so that its last frames are those of a decoder that goes on. */
const BEYOND_PART_MS = 1_000;

/** One run of ffmpeg over one file. `onReport` is called once, however the run ends, unless ffmpeg cannot be started. */
export async function* decodeFrames(
  pass: DecodePass,
  onReport: (report: DecodeReport) => void,
): AsyncGenerator<SampledFrame, void, undefined> {
  const running = startDecoder(pass);
  let isFinished = false;
  try {
    yield* deliver(pass, running);
    isFinished = true;
  } finally {
    if (!isFinished) running.stop('abort');
    onReport(await running.finish());
  }
}

type RunningDecoder = {
  run: LimitedRun;
  offsets: OffsetQueue;
  clock: WaitingClock;
  stop: (why: DecodeReport['endedBy']) => void;
  finish: () => Promise<DecodeReport>;
};

function startDecoder(pass: DecodePass): RunningDecoder {
  let endedBy: DecodeReport['endedBy'] = 'end';
  const offsets = new OffsetQueue();
  const log = new DecoderLog(showinfoPlaces(endOf(pass)), offsets.push, pass.part);
  const clock = new WaitingClock(pass.limits, () => {
    stop('timeout');
  });
  const run = runLimited(pass.tools.ffmpeg, decodeArguments(pass), {
    input: pass.input,
    limits: { cpuSeconds: pass.limits.totalMs / 1000 + CPU_MARGIN_S },
    onLogLine: (line) => {
      clock.touch();
      log.push(line);
    },
  });
  const stop: RunningDecoder['stop'] = (why) => {
    if (endedBy === 'end') endedBy = why;
    run.kill();
  };
  const onAbort = (): void => {
    stop('abort');
  };
  void run.logEnded.then(() => {
    offsets.close();
  });
  pass.signal?.addEventListener('abort', onAbort, { once: true });
  if (pass.signal?.aborted) onAbort();

  const finish = async (): Promise<DecodeReport> => {
    clock.stop();
    run.stdout.destroy();
    pass.signal?.removeEventListener('abort', onAbort);
    const { signal } = await run.ended;
    if (signal !== null && endedBy === 'end') {
      // SIGXCPU, or the SIGKILL that follows it: the limit on CPU time. Anything else is a crash.
      if (signal === 'SIGXCPU' || signal === 'SIGKILL') endedBy = 'timeout';
      log.push(`[fatal] the decoder died of ${signal}`);
    }
    const { decodedFrames, lastOffsetMs, errorLines, firstErrors, seams } = log;
    const counts = { decodedFrames, errorLines, firstErrors, endedBy, ...(pass.part && { seams }) };
    return lastOffsetMs === undefined ? counts : { ...counts, lastOffsetMs };
  };
  return { run, offsets, clock, stop, finish };
}

async function* deliver(pass: DecodePass, { run, offsets, clock, stop }: RunningDecoder): AsyncGenerator<SampledFrame> {
  const isNewSlot = slotGuard(pass.plan);
  const isSample = (offsetMs: number): boolean => isWanted(pass, offsetMs) && isNewSlot(offsetMs);
  const assembler = new FrameAssembler(pass.target.width * pass.target.height * 3);
  let delivered = 0;
  clock.start();
  for await (const chunk of run.stdout as AsyncIterable<Uint8Array>) {
    clock.touch();
    for (const data of assembler.push(chunk)) {
      const offsetMs = await offsets.next();
      if (offsetMs === undefined || !isSample(offsetMs)) continue;
      if (delivered === pass.maxFrames) {
        stop('limit');
        return;
      }
      delivered += 1;
      clock.stop();
      yield { offsetMs, picture: { ...pass.target, data } };
      clock.start();
    }
  }
}

function isWanted({ fromMs = 0, part }: DecodePass, offsetMs: number): boolean {
  return offsetMs >= fromMs && offsetMs < (part?.untilMs ?? Infinity);
}

/** ffmpeg forgets the slots it has served when the size of the picture changes in mid-file; this does not. */
function slotGuard(plan: SamplePlan): (offsetMs: number) => boolean {
  if (!('fps' in plan) && plan.mode !== 'every') return () => true;
  let lastSlot: number | undefined;
  return (offsetMs) => {
    const slot = sampleBucket(plan, offsetMs);
    if (lastSlot !== undefined && slot <= lastSlot) return false;
    lastSlot = slot;
    return true;
  };
}

/** Where decoding ends, in ms; undefined: with the file. */
function endOf({ part }: DecodePass): number | undefined {
  return part === undefined || part.untilMs === Infinity ? undefined : part.untilMs + BEYOND_PART_MS;
}

/** All frames from the keyframe before are shown: each is a sign of life, and which are wanted is decided here, by their rounded times. */
function seekArguments({ fromMs }: DecodePass): string[] {
  return fromMs === undefined ? [] : ['-copyts', '-start_at_zero', '-noaccurate_seek', '-ss', (fromMs / 1000).toFixed(3)];
}

function decodeArguments(pass: DecodePass): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-v', 'level+info', '-filter_threads', '1', '-threads', '1'],
    ...(pass.plan.mode === 'keyframes' ? ['-skip_frame', 'nokey'] : []),
    ...seekArguments(pass),
    // Frames with later times than any footage has are not waited for.
    ...['-t', String(MAX_FOOTAGE_MS / 1000)],
    ...inputArguments(pass.path, pass.head),
    // "V": not the cover picture of an audio file.
    ...['-map', '0:V:0', '-an', '-sn', '-dn', '-map_metadata', '-1'],
    ...(pass.tools.hasFpsMode ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough']),
    ...['-vf', sampleFilter({ ...pass, endMs: endOf(pass) })],
    // One more than wanted, to tell a file that was cut short from one that had no more.
    ...(pass.maxFrames === undefined ? [] : ['-frames:v', String(pass.maxFrames + 1)]),
    ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'],
  ];
}
