import { z } from 'zod';

import { collectRun } from '../ffmpeg/collect-run.ts';
import { inputArguments } from '../ffmpeg/input-arguments.ts';
import type { FfmpegTools } from '../ffmpeg/locate-ffmpeg.ts';
import { readHead } from '../fingerprint.ts';
import { withMedia, type MediaLocation } from '../open-media.ts';
import { runToFile } from './run-to-file.ts';

type CopyOptions = {
  tools: Pick<FfmpegTools, 'ffmpeg' | 'ffprobe'>;
  fromMs: number;
  durationMs: number;
  signal?: AbortSignal | undefined;
};

/** A copy begins at a keyframe; it may begin this much before the wanted moment. */
const COPY_TOLERANCE_MS = 1_000;
const PROBE_SECONDS = 30;
/** Rounding. */
const INSIDE_MS = 1;
/** Where there are B-frames ffmpeg looks for a keyframe 3/23 s before the moment it is given; this makes up for it. */
const SEEK_AHEAD_MS = 140;

const streamSchema = z.object({ codec_name: z.string(), pix_fmt: z.string(), start_time: z.string().optional() });
const answerSchema = z.object({
  packets: z.array(z.object({ pts_time: z.string(), flags: z.string() })).default([]),
  streams: z.array(streamSchema).default([]),
});

/** Where a copy would begin, if this is H.264 that every player shows and a keyframe is near enough; else undefined. */
export async function findCopyStart(file: MediaLocation, options: CopyOptions): Promise<number | undefined> {
  return withMedia(file, async (input) => {
    const from = (options.fromMs / 1000).toFixed(3);
    const wanted = ['-select_streams', 'V:0', '-show_entries', 'packet=pts_time,flags:stream=codec_name,pix_fmt,start_time'];
    const args = ['-v', 'error', '-of', 'json', '-read_intervals', `${from}%+#1`, ...wanted];
    const { stdout } = await collectRun(options.tools.ffprobe, [...args, ...inputArguments(file.path, await readHead(input))], {
      input,
      limits: { cpuSeconds: PROBE_SECONDS },
      wallMs: PROBE_SECONDS * 1000,
      maxBytes: 1 << 20,
      signal: options.signal,
    });
    return startOf(stdout, options.fromMs);
  });
}

function startOf(answer: string, fromMs: number): number | undefined {
  const {
    packets: [packet],
    streams: [stream],
  } = answerSchema.catch({ packets: [], streams: [] }).parse(parseJson(answer));
  if (packet === undefined || stream === undefined || !isPlayable(stream) || !packet.flags.startsWith('K')) return undefined;
  const startMs = Number(packet.pts_time) * 1000;
  const isNear = startMs <= fromMs + INSIDE_MS && fromMs - startMs <= COPY_TOLERANCE_MS;
  return isNear ? Math.max(0, startMs) : undefined;
}

/** A file that does not begin at 0 is cut by its own clock; encoding gets that right. */
function isPlayable({ codec_name: codec, pix_fmt: format, start_time: start = '0' }: z.infer<typeof streamSchema>): boolean {
  return codec === 'h264' && /^yuvj?420p$/.test(format) && Math.abs(Number(start)) <= 0.001;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Copies pictures as they are, from the keyframe at `fromMs` on, into an MP4 file. */
export async function copyPart(file: MediaLocation, output: string, options: CopyOptions): Promise<void> {
  const { tools, fromMs, durationMs, signal } = options;
  await withMedia(file, async (input) => {
    const place = ['-ss', ((fromMs + SEEK_AHEAD_MS) / 1000).toFixed(3), '-t', (durationMs / 1000).toFixed(3)];
    const source = [...place, ...inputArguments(file.path, await readHead(input)), '-map', '0:V:0', '-an', '-sn', '-dn'];
    const target = ['-map_metadata', '-1', '-fflags', '+bitexact', '-c', 'copy', '-avoid_negative_ts', 'make_zero'];
    const end = ['-movflags', '+faststart', '-f', 'mp4'];
    await runToFile(tools.ffmpeg, [...source, ...target, ...end], { input, output, durationMs, signal });
  });
}
