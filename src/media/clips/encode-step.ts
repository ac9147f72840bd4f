import { open, rm, writeFile, type FileHandle } from 'node:fs/promises';

import type { Size } from '../../domain/box.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { inputArguments } from '../ffmpeg/input-arguments.ts';
import type { FfmpegTools } from '../ffmpeg/locate-ffmpeg.ts';
import { readHead } from '../fingerprint.ts';
import { withMedia, type MediaLocation } from '../open-media.ts';
import { runToFile } from './run-to-file.ts';

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

/** A part of a video; ffmpeg seeks to the keyframe before `fromMs` and decodes from there. */
export async function encodePart(file: MediaLocation, fromMs: number, options: EncodeOptions): Promise<void> {
  await withMedia(file, async (input) => {
    const source = ['-ss', seconds(fromMs), '-t', seconds(options.durationMs), ...inputArguments(file.path, await readHead(input))];
    await run(input, [...source, '-map', '0:V:0', '-vf', fitFilter(options.form)], options);
  });
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

/** Smaller pictures get black bars, larger ones shrink; frames that came irregularly come regularly. */
function fitFilter({ width, height, frameRate }: ClipForm): string {
  const size = `${String(width)}:${String(height)}`;
  return (
    `scale=${size}:force_original_aspect_ratio=decrease,pad=${size}:(ow-iw)/2:(oh-ih)/2,setsar=1,` +
    `fps=${String(frameRate)},format=yuv420p`
  );
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
