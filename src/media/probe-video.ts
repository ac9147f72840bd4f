import { z } from 'zod';

import type { Size } from '../domain/box.ts';
import { collectRun } from './ffmpeg/collect-run.ts';
import { inputArguments } from './ffmpeg/input-arguments.ts';
import type { FfmpegTools } from './ffmpeg/locate-ffmpeg.ts';
import { readCreationTime, type VideoCreationTime } from './ffmpeg/read-creation-time.ts';
import { readHead } from './fingerprint.ts';
import { MediaError } from './media-error.ts';
import { MAX_FOOTAGE_MS, MAX_FRAME_COUNT, MAX_VIDEO_PIXELS, requireUsableSize } from './media-limits.ts';
import { withMedia, type MediaLocation } from './open-media.ts';
import { sniffMedia } from './sniff-media.ts';

/** What the container claims, not what can be decoded. Width and height as displayed, after rotation. What is unknown is left out. */
export type VideoProbe = {
  durationMs?: number;
  /** Average frames a second over the whole file. */
  frameRate?: number;
  frameCount?: number;
  width: number;
  height: number;
  /** Width of a pixel as a share of its height, where it is not square. */
  pixelAspect?: number;
  codec: string;
  container: string;
  creationTime?: VideoCreationTime;
};

/** Shapes of pixels that there are; any other is a mistake in the header. */
export const PIXEL_ASPECTS = { least: 0.25, most: 4 };
const PROBE_WALL_MS = 30_000;
/** 8K takes 0.1 GB; an index that takes more is a bomb, and is found here, before anything is decoded. */
const PROBE_MEMORY_BYTES = 512 * 1024 * 1024;
const MAX_ANSWER_BYTES = 4 << 20;
const streamSchema = z.object({
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  sample_aspect_ratio: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  nb_frames: z.string().optional(),
  duration: z.string().optional(),
  disposition: z.object({ attached_pic: z.number() }).partial().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
});
const answerSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z
    .object({ format_name: z.string(), duration: z.string().optional(), tags: z.record(z.string(), z.string()).optional() })
    .optional(),
});
type Stream = z.infer<typeof streamSchema>;
type Answer = z.infer<typeof answerSchema>;

/**
 * Reads the headers of a video (about 0.08 CPU-seconds).
 * Throws MediaError: the codes of opening and sniffing, `decode_failed` for damaged headers, `no_frames` without a picture
 * track, `unsupported_codec`, `dimensions`, `timeout`; UnavailableError when ffprobe cannot be started.
 */
export async function probeVideo(
  file: MediaLocation,
  tools: Pick<FfmpegTools, 'ffprobe'>,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<VideoProbe> {
  return withMedia(file, async (input) => {
    const head = await readHead(input);
    const args = ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', ...inputArguments(file.path, head)];
    const { stdout, log } = await collectRun(tools.ffprobe, args, {
      input,
      limits: { cpuSeconds: PROBE_WALL_MS / 1000, memoryBytes: PROBE_MEMORY_BYTES },
      wallMs: PROBE_WALL_MS,
      maxBytes: MAX_ANSWER_BYTES,
      signal: options.signal,
    });
    const answer = parseAnswer(stdout);
    if (answer?.format) return describe(answer);
    // Text, pages and playlists have their own codes; what looks like video but has no readable header is damaged.
    sniffMedia(head, file.path);
    throw new MediaError('decode_failed', `the headers cannot be read: ${reasonOf(log)}`);
  });
}

function parseAnswer(text: string): Answer | undefined {
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function describe({ streams, format }: Answer): VideoProbe {
  const stream = streams.find((each) => each.codec_type === 'video' && each.disposition?.attached_pic !== 1);
  if (!stream) throw new MediaError('no_frames', 'there is no picture track in it');
  const codec = stream.codec_name ?? 'unknown';
  if (codec === 'unknown') throw new MediaError('unsupported_codec', 'the codec of the picture track is not known to ffmpeg');
  return {
    ...displayedSize(stream),
    ...known({
      durationMs: believable(Math.round(Number(format?.duration ?? stream.duration) * 1000), MAX_FOOTAGE_MS),
      frameRate: believable(readRate(stream.avg_frame_rate), Number.MAX_VALUE),
      frameCount: believable(Number(stream.nb_frames), MAX_FRAME_COUNT),
      pixelAspect: pixelAspectOf(stream),
      creationTime: creationTimeOf(stream, format?.tags),
    }),
    codec,
    container: format?.format_name ?? 'unknown',
  };
}

function creationTimeOf(stream: Stream, tags: Record<string, string> = {}): VideoCreationTime | undefined {
  return readCreationTime({
    quickTime: tags['com.apple.quicktime.creationdate'],
    container: tags['creation_time'] ?? stream.tags?.['creation_time'],
  });
}

/** Seen upright: of footage that lies on its side width and height change places. */
function pixelAspectOf(stream: Stream): number | undefined {
  const [width, height] = (stream.sample_aspect_ratio ?? '').split(':').map(Number);
  const aspect = isTurned(stream) ? Number(height) / Number(width) : Number(width) / Number(height);
  return aspect !== 1 && aspect >= PIXEL_ASPECTS.least && aspect <= PIXEL_ASPECTS.most ? aspect : undefined;
}

function isTurned(stream: Stream): boolean {
  return Math.abs(Math.round(rotationDegrees(stream) / 90)) % 2 === 1;
}

function displayedSize(stream: Stream): Size {
  const { width = 0, height = 0 } = stream;
  if (width === 0 || height === 0) throw new MediaError('decode_failed', 'the size of the picture cannot be read');
  requireUsableSize({ width, height }, MAX_VIDEO_PIXELS);
  return isTurned(stream) ? { width: height, height: width } : { width, height };
}

/** Newer builds tell it as side data, older ones as a tag. */
function rotationDegrees({ side_data_list: sideData = [], tags }: Stream): number {
  const rotation = sideData.find((each) => each.rotation !== undefined)?.rotation;
  return rotation ?? Number(tags?.['rotate'] ?? 0);
}

function readRate(rate = ''): number {
  const [frames, seconds = '1'] = rate.split('/');
  return Number(frames) / Number(seconds);
}

/** A claim no file can keep counts as none. */
function believable(value: number, max: number): number | undefined {
  return value > 0 && value <= max ? value : undefined;
}

type Known<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function known<T extends object>(values: T): Known<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Known<T>;
}

function reasonOf(log: readonly string[]): string {
  const last = log.at(-1) ?? 'no reason was given';
  return last
    .replace(/^\[[^\]]*\] /, '')
    .replace(/^file:\S*: /, '')
    .slice(0, 200);
}
