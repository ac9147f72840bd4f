import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { makeFootage } from '../helpers/footage.ts';

/** A light rectangle on a dark ground; `x` and `y` are ffmpeg expressions of `T`, seconds since the scene began. */
export type Figure = { x: string; y: string; width: number; height: number };

export type ClipOptions = {
  name: string;
  figures: readonly Figure[];
  seconds: number;
  /** Scene time at which the clip begins. */ fromS?: number;
  fps?: number;
};

const WIDTH = 160;
const HEIGHT = 120;

/** A clip of 160×120 pixels, made once and kept; its name gives the container. */
export function drawClip({ name, figures, seconds, fromS = 0, fps = 5 }: ClipOptions): Promise<string> {
  const time = `rate=${String(fps)}:duration=${String(seconds)}`;
  const at = (expression: string): string => expression.replaceAll('T', `(t+${String(fromS)})`);
  const inputs = figures.flatMap(({ width, height }) => [
    '-f',
    'lavfi',
    '-i',
    `color=white:size=${String(width)}x${String(height)}:${time}`,
  ]);
  const overlays = figures.map(
    ({ x, y }, index) => `[s${String(index)}][${String(index + 1)}]overlay=x='${at(x)}':y='${at(y)}'[s${String(index + 1)}]`,
  );
  return makeFootage(name, [
    ...['-f', 'lavfi', '-i', `color=0x505050:size=${String(WIDTH)}x${String(HEIGHT)}:${time}`, ...inputs],
    ...['-filter_complex', ['[0]null[s0]', ...overlays].join(';'), '-map', `[s${String(figures.length)}]`],
    ...(name.endsWith('.mkv') ? ['-cluster_time_limit', '400'] : []),
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-g',
      '5',
      '-threads',
      '1',
      '-pix_fmt',
      'yuv420p',
      '-fflags',
      '+bitexact',
      '-flags',
      '+bitexact',
      '-metadata',
      `title=${String(fromS)}`,
    ],
  ]);
}

/** The first `share` of a clip's bytes. */
export async function cutShort(path: string, share: number): Promise<Buffer> {
  const bytes = await readFile(path);
  return bytes.subarray(0, Math.floor(bytes.length * share));
}

type Placed = { left: number; top: number; width: number; height: number };

export async function drawStill(figures: readonly Placed[]): Promise<Buffer> {
  const layers = figures.map(({ left, top, width, height }) => ({
    input: { create: { width, height, channels: 3 as const, background: '#ffffff' } },
    left,
    top,
  }));
  return sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#505050' } })
    .composite(layers)
    .jpeg({ quality: 95 })
    .toBuffer();
}
