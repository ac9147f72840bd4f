import { spawn } from 'node:child_process';
import sharp from 'sharp';
import { selectExpression } from '../../src/media/ffmpeg/sample-filter.ts';
import type { CeilingStart } from './ceiling-task.ts';

sharp.concurrency(1);
sharp.cache(false);

export type RawPicture = { rgb: Uint8Array; width: number; height: number };

/** The still scaled to fit inside the model's input while it is decoded. */
export async function decodeStill(path: string, inputSize: number): Promise<RawPicture> {
  const { data, info } = await sharp(path, { failOn: 'none' })
    .autoOrient()
    .resize(inputSize, inputSize, { fit: 'inside' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { rgb: data, width: info.width, height: info.height };
}

export type VideoSource = { path: string; width: number; height: number };

/** The frames that the product would sample, scaled by ffmpeg to fit inside the model's input. */
export async function* decodeVideo(source: VideoSource, { tools, plan, inputSize }: CeilingStart): AsyncGenerator<RawPicture> {
  const scale = inputSize / Math.max(source.width, source.height);
  const width = Math.round(source.width * scale);
  const height = Math.round(source.height * scale);
  const filter = `select='${selectExpression(plan)}',scale=${width}:${height}:flags=fast_bilinear,format=rgb24`;
  const timing = tools.hasFpsMode ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough'];
  const args = [
    '-nostdin',
    '-v',
    'quiet',
    '-threads',
    '1',
    '-i',
    source.path,
    '-an',
    '-sn',
    ...timing,
    '-vf',
    filter,
    '-f',
    'rawvideo',
    'pipe:1',
  ];
  const child = spawn(tools.ffmpeg, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const frame = Buffer.allocUnsafe(width * height * 3);
  let filled = 0;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    for (let from = 0; from < chunk.length;) {
      const taken = Math.min(frame.length - filled, chunk.length - from);
      chunk.copy(frame, filled, from, from + taken);
      from += taken;
      filled += taken;
      if (filled < frame.length) continue;
      filled = 0;
      yield { rgb: frame, width, height };
    }
  }
}
