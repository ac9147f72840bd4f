import { open, rm, writeFile, type FileHandle } from 'node:fs/promises';

import type { Size } from '../../domain/box.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { inputArguments } from '../ffmpeg/input-arguments.ts';
import type { FfmpegTools } from '../ffmpeg/locate-ffmpeg.ts';
import { PIXEL_ASPECTS } from '../probe-video.ts';
import { readHead } from '../fingerprint.ts';
import { withMedia, type MediaLocation } from '../open-media.ts';
import { runToFile } from './run-to-file.ts';
import type { Overlay } from './write-overlay.ts';

/** What all steps of a clip have in common, so that they can be joined without encoding again. */
export type ClipForm = Size & { frameRate: number };

export type EncodeOptions = {
  tools: Pick<FfmpegTools, 'ffmpeg'>;
  form: ClipForm;
  /** Place in the clip and length. */
  atMs: number;
  durationMs: number;
  /** An MPEG transport stream: such pieces can be put one after the other. */
  output: string;
  signal?: AbortSignal | undefined;
};

type PartOptions = EncodeOptions & { fromMs: number; overlay?: Overlay | undefined };

/** A part of a video; ffmpeg seeks to the keyframe before `fromMs` and decodes from there. */
export async function encodePart(file: MediaLocation, options: PartOptions): Promise<void> {
  const { fromMs, overlay, form } = options;
  await withMedia(file, async (input) => {
    const source = ['-ss', seconds(fromMs), '-t', seconds(options.durationMs), ...inputArguments(file.path, await readHead(input))];
    const shown = overlay === undefined ? ['-map', '0:V:0', '-vf', fitFilter(form)] : overlaid(overlay, form);
    await run(input, [...source, ...shown], options);
  });
}

/**
 * The overlay is read as one picture a second, and each picture is given its moment after that: no list of files of any age of ffmpeg keeps
 * times exactly. Half a frame earlier, as the frame it belongs to may have been moved by so much. Laid on before anything is scaled: boxes are
 * in pixels of the footage as it is stored, turned upright.
 */
function overlaid({ path, size, startsMs }: Overlay, form: ClipForm): string[] {
  const early = 500 / form.frameRate;
  const moments = startsMs.map((startMs) => Math.max(0, Math.round(startMs - early)));
  const steps = moments.map((moment, index) => `${String(moment - (moments[index - 1] ?? 0))}*gte(N,${String(index)})`);
  const graph =
    `[0:V:0]${rateFilter(form)},scale=${String(size.width)}:${String(size.height)}[footage];` +
    `[1:v:0]settb=1/1000,setpts='${steps.join('+')}'[boxes];` +
    `[footage][boxes]overlay=0:0,${shapeFilter(form)}[clip]`;
  const pictures = ['-threads', '1', '-f', 'image2pipe', '-framerate', '1', '-c:v', 'png', '-i', `file:${path}`];
  return ['-protocol_whitelist', 'file,pipe', ...pictures, '-filter_complex', graph, '-map', '[clip]'];
}

/** A picture of the size of the clip, held. */
export async function encodePicture(picture: RgbPicture, options: EncodeOptions): Promise<void> {
  const { form, durationMs, output } = options;
  const raw = `${output}.rgb`;
  await writeFile(raw, picture.data, { mode: 0o600 });
  const input = await open(raw, 'r');
  try {
    const frames = Math.max(1, Math.round((durationMs / 1000) * form.frameRate));
    const size = `${String(picture.width)}x${String(picture.height)}`;
    const rate = String(form.frameRate);
    const source = ['-protocol_whitelist', 'file', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', size, '-r', rate, '-i', `file:${raw}`];
    const held = `loop=loop=${String(frames - 1)}:size=1:start=0,${fitFilter(form)}`;
    await run(input, [...source, '-vf', held, '-frames:v', String(frames)], options);
  } finally {
    await input.close();
    await rm(raw, { force: true });
  }
}

/** Frames that came irregularly come regularly. */
function fitFilter(form: ClipForm): string {
  return `${shapeFilter(form)},${rateFilter(form)}`;
}

/** Pixels become square; smaller pictures get black bars, larger ones shrink. */
function shapeFilter({ width, height }: ClipForm): string {
  const size = `${String(width)}:${String(height)}`;
  const { least, most } = PIXEL_ASPECTS;
  return (
    `scale='if(between(sar,${String(least)},${String(most)}),iw*sar,iw)':ih,setsar=1,` +
    `scale=${size}:force_original_aspect_ratio=decrease,pad=${size}:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p`
  );
}

function rateFilter({ frameRate }: ClipForm): string {
  return `fps=${String(frameRate)}`;
}

/** Without B-frames the pieces join without a gap in decoding times. */
const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-bf', '0', '-x264-params', 'rc-lookahead=10'];

async function run(input: FileHandle, source: readonly string[], options: EncodeOptions): Promise<void> {
  const { tools, atMs, durationMs, output, signal } = options;
  const plain = ['-an', '-sn', '-dn', '-map_metadata', '-1', '-fflags', '+bitexact', '-threads', '2'];
  const place = ['-muxdelay', '0', '-muxpreload', '0', '-output_ts_offset', seconds(atMs), '-f', 'mpegts'];
  await runToFile(tools.ffmpeg, [...source, ...plain, ...X264, ...place], { input, output, durationMs, signal });
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
