import type { FileHandle } from 'node:fs/promises';

import type { Size } from '../domain/box.ts';
import type { SamplePlan } from '../domain/sampling.ts';
import { decodeFrames, type DecodePass } from './ffmpeg/decode-frames.ts';
import type { CountedPart } from './ffmpeg/decoder-log.ts';
import type { FfmpegTools } from './ffmpeg/locate-ffmpeg.ts';
import type { WaitLimits } from './ffmpeg/waiting-clock.ts';
import { readHead } from './fingerprint.ts';
import type { DecodeReport, FrameStream, SampledFrame } from './frame-stream.ts';
import { MediaError } from './media-error.ts';
import { wholeSize } from './media-limits.ts';
import { openMedia, type MediaLocation } from './open-media.ts';
import type { VideoProbe } from './probe-video.ts';

export type SampleFramesOptions = {
  tools: FfmpegTools;
  plan: SamplePlan;
  /** Size the pictures are wanted in, given the displayed size. */
  scaleTo: (original: Size) => Size;
  probe: VideoProbe;
  /** More frames than this are not delivered; the report then says `limit`. */
  maxFrames?: number | undefined;
  /** Seeks: frames before this offset are not wanted. Give the wanted offset of a sample, or its slot gets a later frame. */
  fromMs?: number | undefined;
  /**
   * Only this part is reported on, and no frame after it is delivered; those between `fromMs` and it are. Give a `fromMs` at least a second
   * before a part that does not begin with the file, so that the report can tell of the seam.
   */
  part?: CountedPart | undefined;
  limits?: Partial<WaitLimits>;
  signal?: AbortSignal | undefined;
};

/** No camera file makes a decoder think this long about one frame. */
const IDLE_MS = 30_000;
const BASE_WALL_MS = 60_000;
/** A 4K file on a slow machine decodes at a fifth of real time. */
const WALL_PER_FOOTAGE = 10;
/** 4 Mb/s, to guess the footage in a file whose header claims too little or nothing. */
const BYTES_PER_FOOTAGE_MS = 500;
const SHORT_FILE_MS = 500;

/**
 * Frames of a video by the sampling plan, decoded by one ffmpeg with one thread, scaled, in order of time, with their real
 * presentation times. The decoder stops while nobody reads. Ends quietly on damage, abort, limit and timeout: `report` tells.
 * Throws MediaError when the file cannot be opened (`vanished`, `unreadable`, `not_media`) or its codec is not supported.
 */
export function sampleFrames(file: MediaLocation, options: SampleFramesOptions): FrameStream {
  let resolve: (report: DecodeReport) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const report = new Promise<DecodeReport>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  report.catch(() => undefined);
  const frames = readFrames(file, options, resolve);
  return {
    report,
    async *[Symbol.asyncIterator]() {
      try {
        yield* frames;
      } catch (error) {
        reject(error);
        throw error;
      }
    },
  };
}

async function* readFrames(
  file: MediaLocation,
  options: SampleFramesOptions,
  onReport: (report: DecodeReport) => void,
): AsyncGenerator<SampledFrame, void, undefined> {
  const input = await openMedia(file);
  let report: DecodeReport | undefined;
  const keep = (made: DecodeReport): void => {
    report = made;
  };
  try {
    const pass = await planPass(file, input, options);
    let delivered = 0;
    for await (const frame of decodeFrames(pass, keep)) {
      delivered += 1;
      yield frame;
    }
    if (delivered === 0 && pass.fromMs === undefined && report && endsBeforeFirstSlot(report, pass)) {
      yield* decodeFrames({ ...pass, durationMs: Math.min(SHORT_FILE_MS, report.lastOffsetMs ?? 0) }, keep);
    }
    if (report) requireSupportedCodec(report);
  } finally {
    await input.close();
    if (report) onReport(report);
  }
}

async function planPass(file: MediaLocation, input: FileHandle, options: SampleFramesOptions): Promise<DecodePass> {
  const { tools, plan, probe, maxFrames, fromMs, part, signal } = options;
  const original = { width: probe.width, height: probe.height };
  const target = wholeSize(options.scaleTo(original));
  const { size } = await input.stat();
  const fileMs = Math.max(probe.durationMs ?? 0, size / BYTES_PER_FOOTAGE_MS);
  const footageMs = Math.min(fileMs, (part?.untilMs ?? Infinity) - (fromMs ?? 0));
  const limits = { idleMs: IDLE_MS, totalMs: BASE_WALL_MS + WALL_PER_FOOTAGE * footageMs, ...options.limits };
  return {
    input,
    path: file.path,
    head: await readHead(input),
    tools,
    plan,
    durationMs: probe.durationMs,
    original,
    target,
    maxFrames,
    fromMs,
    part,
    limits,
    signal,
  };
}

/** Half a second or less was really there, though the header claims more or nothing: then it is a short file after all. */
function endsBeforeFirstSlot(report: DecodeReport, pass: DecodePass): boolean {
  const hasSlots = 'fps' in pass.plan || pass.plan.mode === 'every';
  return report.endedBy === 'end' && report.decodedFrames > 0 && hasSlots;
}

function requireSupportedCodec(report: DecodeReport): void {
  if (report.decodedFrames > 0) return;
  const reason = report.firstErrors.find((line) => /decoder .*not found|unsupported codec|unknown codec/i.test(line));
  if (reason !== undefined) throw new MediaError('unsupported_codec', `this ffmpeg cannot decode it: ${reason}`);
}
