import type { FfmpegTools } from './ffmpeg/locate-ffmpeg.ts';
import type { SampledFrame } from './frame-stream.ts';
import type { MediaLocation } from './open-media.ts';
import type { VideoProbe } from './probe-video.ts';
import { sampleFrames } from './sample-frames.ts';

export type ReadFramesOptions = {
  tools: FfmpegTools;
  probe: VideoProbe;
  /** Presentation offsets of frames that were seen before, in whole ms. */
  offsetsMs: readonly number[];
  signal?: AbortSignal | undefined;
};

/** Decoding so much footage costs about what starting another decoder and seeking does. */
const GAP_MS = 10_000;
/** A decoder is told each offset in a text of its own. */
const OFFSETS_AT_ONCE = 100;
/** Seeking to an offset that was rounded up would miss its frame. */
const LEAD_MS = 2;

/**
 * Frames of a video at known offsets, in order of time and of full size; only the footage around them is decoded. A frame that is not
 * there any more is left out. Throws MediaError when the file cannot be opened or its codec is not supported.
 */
export async function* readFrames(file: MediaLocation, options: ReadFramesOptions): AsyncGenerator<SampledFrame, void, undefined> {
  const { tools, probe, signal } = options;
  for (const offsetsMs of passesOf(options.offsetsMs)) {
    const plan = { mode: 'at', offsetsMs } as const;
    const fromMs = Math.max(0, (offsetsMs[0] ?? 0) - LEAD_MS);
    const frames = sampleFrames(file, { tools, probe, plan, scaleTo: (original) => original, signal, ...(fromMs > 0 ? { fromMs } : {}) });
    const last = offsetsMs.at(-1) ?? 0;
    for await (const frame of frames) {
      yield frame;
      if (frame.offsetMs >= last) break;
    }
    signal?.throwIfAborted();
  }
}

/** Offsets close to each other are served by one decoder. */
function passesOf(offsetsMs: readonly number[]): number[][] {
  const passes: number[][] = [];
  for (const offsetMs of [...new Set(offsetsMs)].sort((a, b) => a - b)) {
    const pass = passes.at(-1);
    if (pass !== undefined && pass.length < OFFSETS_AT_ONCE && offsetMs - (pass.at(-1) ?? 0) <= GAP_MS) pass.push(offsetMs);
    else passes.push([offsetMs]);
  }
  return passes;
}
