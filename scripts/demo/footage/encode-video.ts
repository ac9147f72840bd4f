import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import type { FrameRenderer } from './render-frame.ts';
import { FRAME } from './scenes.ts';

const run = promisify(execFile);

/** Frames per second of the drawn videos. */
export const FRAME_RATE = 8;

export type Encoder = { ffmpeg: string; codecArgs: readonly string[] };

/** HS_FFMPEG, else the one on the PATH, else the one that npm brought along. */
export async function findEncoder(): Promise<Encoder> {
  for (const ffmpeg of [process.env['HS_FFMPEG'], 'ffmpeg', bundledFfmpeg()]) {
    if (ffmpeg === undefined) continue;
    const encoders = await run(ffmpeg, ['-hide_banner', '-encoders']).then(
      ({ stdout }) => stdout,
      () => undefined,
    );
    if (encoders === undefined) continue;
    const codecArgs = encoders.includes(' libx264 ')
      ? ['-c:v', 'libx264', '-preset', 'superfast', '-crf', '28', '-bf', '0']
      : ['-c:v', 'mpeg4', '-q:v', '4'];
    return { ffmpeg, codecArgs };
  }
  throw new Error('no ffmpeg: install one, or run npm ci with optional dependencies');
}

function bundledFfmpeg(): string | undefined {
  try {
    const installer = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string };
    return installer.path;
  } catch {
    return undefined;
  }
}

/** Pipes drawn frames into one MP4 whose index comes first, as cameras that upload write it. */
export async function encodeVideo(
  file: string,
  durationMs: number,
  { encoder, render }: { encoder: Encoder; render: FrameRenderer },
): Promise<void> {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${FRAME.width}x${FRAME.height}`, '-r', String(FRAME_RATE), '-i', 'pipe:0'];
  const output = ['-pix_fmt', 'yuv420p', '-g', String(FRAME_RATE * 2), '-threads', '1', '-movflags', '+faststart', '-y', `file:${file}`];
  const child = spawn(encoder.ffmpeg, ['-v', 'error', ...input, ...encoder.codecArgs, ...output], { stdio: ['pipe', 'ignore', 'pipe'] });
  const complaints: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  child.stdin.on('error', () => undefined);
  for (let frame = 0; frame < (durationMs / 1000) * FRAME_RATE; frame += 1) {
    const bytes = Buffer.from(render((frame * 1000) / FRAME_RATE).data);
    if (!child.stdin.write(bytes)) await Promise.race([once(child.stdin, 'drain'), ended]);
  }
  child.stdin.end();
  if ((await ended) !== 0) throw new Error(`ffmpeg could not write ${file}: ${complaints.join('').trim()}`);
}
