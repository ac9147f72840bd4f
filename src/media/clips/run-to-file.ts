import { stat, type FileHandle } from 'node:fs/promises';

import { collectRun } from '../ffmpeg/collect-run.ts';
import { MediaError } from '../media-error.ts';

type RunToFileOptions = { input: FileHandle; output: string; durationMs: number; signal?: AbortSignal | undefined };

/** Encoding 4K takes 1.5 GB with the few frames of look-ahead that are allowed. */
const MEMORY_BYTES = 3 * 1024 ** 3;
const LARGEST_CLIP_BYTES = 4 * 1024 ** 3;
const BASE_SECONDS = 120;
/** 4K at one thread runs at 1/20 of its speed. */
const SECONDS_PER_SECOND = 30;
const MAX_ANSWER_BYTES = 1 << 20;

/** Runs ffmpeg, which writes `options.output`. Throws MediaError `decode_failed` with its last line where it wrote nothing. */
export async function runToFile(ffmpeg: string, args: readonly string[], options: RunToFileOptions): Promise<void> {
  const cpuSeconds = Math.ceil(BASE_SECONDS + (SECONDS_PER_SECOND * options.durationMs) / 1000);
  const { log } = await collectRun(ffmpeg, ['-nostdin', '-hide_banner', '-nostats', '-v', 'error', ...args, `file:${options.output}`], {
    input: options.input,
    limits: { cpuSeconds, memoryBytes: MEMORY_BYTES, writtenBytes: LARGEST_CLIP_BYTES },
    wallMs: cpuSeconds * 2000,
    maxBytes: MAX_ANSWER_BYTES,
    signal: options.signal,
  });
  const written = await stat(options.output).catch(() => undefined);
  if (!written || written.size === 0)
    throw new MediaError('decode_failed', `ffmpeg made no clip: ${(log.at(-1) ?? 'no reason was given').slice(0, 200)}`);
}

/** What a clip cannot be: too short by more than this is a failure of the decoder. */
const TOLERANCE_MS = 1_500;

export function requireDuration(foundMs: number | undefined, wantedMs: number): void {
  if (foundMs !== undefined && Math.abs(foundMs - wantedMs) <= Math.max(TOLERANCE_MS, wantedMs * 0.02)) return;
  const found = foundMs === undefined ? 'nothing' : `${(foundMs / 1000).toFixed(1)} s`;
  throw new MediaError('decode_failed', `gave ${found} of picture instead of ${(wantedMs / 1000).toFixed(1)} s`);
}
