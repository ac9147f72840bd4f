import { open } from 'node:fs/promises';

import type { FfmpegTools } from '../ffmpeg/locate-ffmpeg.ts';
import { runToFile } from './run-to-file.ts';

type JoinOptions = { tools: Pick<FfmpegTools, 'ffmpeg'>; durationMs: number; signal?: AbortSignal | undefined };

/** An MP4 file, ready to be played while it loads, of a transport stream whose pieces were encoded alike. */
export async function joinSteps(stream: string, output: string, options: JoinOptions): Promise<void> {
  const input = await open(stream, 'r');
  try {
    const source = ['-protocol_whitelist', 'file', '-f', 'mpegts', '-i', `file:${stream}`, '-map', '0:V:0', '-c', 'copy'];
    const target = ['-map_metadata', '-1', '-fflags', '+bitexact', '-movflags', '+faststart', '-f', 'mp4'];
    await runToFile(options.tools.ffmpeg, [...source, ...target], { input, output, ...options });
  } finally {
    await input.close();
  }
}
