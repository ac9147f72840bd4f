import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { MediaFileRow } from '../../db/models/media-files.ts';
import type { ClipSource, ClipStep } from '../../domain/clips/plan-clip.ts';
import { copyPart, findCopyStart } from '../../media/clips/copy-part.ts';
import { drawGap } from '../../media/clips/draw-gap.ts';
import { encodePart, encodePicture, type ClipForm, type EncodeOptions } from '../../media/clips/encode-step.ts';
import { joinSteps } from '../../media/clips/join-steps.ts';
import { decodeStill } from '../../media/decode-still.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { MediaError } from '../../media/media-error.ts';

export type FootageSource = ClipSource & { file: MediaFileRow };
export type FootageStep = ClipStep<FootageSource>;
export type ClipMode = 'auto' | 'copy' | 'encode';

type MakeClipOptions = {
  tools: FfmpegTools;
  mode: ClipMode;
  /** A folder of its own for what is thrown away afterwards. */
  workFolder: string;
  output: string;
  signal: AbortSignal;
};

type MadeClip = { mode: 'copy' | 'encode'; durationMs: number };

/** Writes the clip of a plan: a copy where one part begins near a keyframe, else encoded. Throws MediaError. */
export async function makeClip(steps: readonly FootageStep[], options: MakeClipOptions): Promise<MadeClip> {
  const copied = options.mode === 'encode' ? undefined : await copyClip(steps, options);
  if (copied !== undefined) return copied;
  if (options.mode === 'copy') {
    throw new MediaError(
      'unsupported_codec',
      'cannot be copied: a copy needs H.264 of one file and a keyframe at most 1 s before the clip',
    );
  }
  return encodeClip(steps, options);
}

async function copyClip(steps: readonly FootageStep[], { tools, output, signal }: MakeClipOptions): Promise<MadeClip | undefined> {
  const [step] = steps;
  if (steps.length !== 1 || step?.kind !== 'part') return undefined;
  const wanted = { tools, fromMs: step.fromMs, durationMs: step.durationMs, signal };
  const startMs = await findCopyStart(locationOf(step.source), wanted);
  if (startMs === undefined) return undefined;
  const durationMs = step.fromMs + step.durationMs - startMs;
  await copyPart(locationOf(step.source), output, { ...wanted, fromMs: startMs, durationMs });
  return { mode: 'copy', durationMs };
}

async function encodeClip(steps: readonly FootageStep[], { tools, workFolder, output, signal }: MakeClipOptions): Promise<MadeClip> {
  const form = formOf(steps);
  const stream = join(workFolder, 'joined.ts');
  const piece = join(workFolder, 'piece.ts');
  for (const step of steps) {
    signal.throwIfAborted();
    await encodeStep(step, { tools, form, atMs: step.atMs, durationMs: step.durationMs, output: piece, signal });
    await pipeline(createReadStream(piece), createWriteStream(stream, { flags: 'a', mode: 0o600 }), { signal });
    await rm(piece);
  }
  const durationMs = steps.reduce((sum, step) => sum + step.durationMs, 0);
  await joinSteps(stream, output, { tools, durationMs, signal });
  return { mode: 'encode', durationMs };
}

async function encodeStep(step: FootageStep, options: EncodeOptions): Promise<void> {
  if (step.kind === 'gap') {
    await encodePicture(await drawGap(options.form, `${(step.missingMs / 1000).toFixed(1)} s without footage`), options);
  } else if (step.kind === 'part') {
    await encodePart(locationOf(step.source), step.fromMs, options);
  } else {
    await encodePicture((await decodeStill(locationOf(step.source), (original) => original)).picture, options);
  }
}

const LARGEST_SIDE = 3840;
const USUAL_FRAME_RATE = 25;

/** Of the first file, with even sides as H.264 wants them; stills are shown with ten frames a second. */
function formOf(steps: readonly FootageStep[]): ClipForm {
  const first = steps.find((step) => step.kind !== 'gap');
  if (first === undefined) throw new MediaError('no_frames', 'there is no footage in that span');
  const { width, height, frame_rate: frameRate } = first.source.file;
  if (width === null || height === null) throw new MediaError('decode_failed', 'the size of the picture is unknown');
  const scale = Math.min(1, LARGEST_SIDE / Math.max(width, height));
  const even = (side: number): number => Math.max(2, 2 * Math.round((side * scale) / 2));
  const rate = first.kind === 'still' ? 10 : Math.min(60, Math.max(1, Math.round(frameRate ?? USUAL_FRAME_RATE)));
  return { width: even(width), height: even(height), frameRate: rate };
}

function locationOf({ file }: FootageSource): { path: string; root: string } {
  return { path: file.path, root: dirname(file.path) };
}
