import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { holdBoxes, splitByStates } from '../../domain/clips/hold-boxes.ts';
import { drawGap } from '../../media/clips/draw-gap.ts';
import { encodePart, encodePicture, type ClipForm, type EncodeOptions } from '../../media/clips/encode-step.ts';
import { joinSteps } from '../../media/clips/join-steps.ts';
import { writeOverlay } from '../../media/clips/write-overlay.ts';
import { drawBoxes } from '../../media/drawing/draw-boxes.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { MediaError } from '../../media/media-error.ts';
import { probeVideo } from '../../media/probe-video.ts';
import { readStill } from '../footage/read-still.ts';
import type { EventBoxes } from './event-boxes.ts';
import { locationOf, type FootageSource, type FootageStep } from './footage-step.ts';

export type EncodeClipOptions = {
  tools: FfmpegTools;
  /** Drawn on the pictures. */
  boxes?: EventBoxes | undefined;
  /** A folder of its own for what is thrown away afterwards. */
  workFolder: string;
  output: string;
  signal: AbortSignal;
};

type Encoding = Pick<EncodeOptions, 'tools' | 'form' | 'output' | 'signal'> & {
  boxes: EventBoxes;
  overlayPath: string;
  /** Takes what was written to `output`. */
  collect: () => Promise<void>;
};

/** One after the other into a stream, which becomes the clip; returns its length in ms. */
export async function encodeClip(steps: readonly FootageStep[], options: EncodeClipOptions): Promise<number> {
  const { tools, boxes = new Map(), workFolder, output, signal } = options;
  const [stream, piece] = [join(workFolder, 'joined.ts'), join(workFolder, 'piece.ts')];
  const collect = async (): Promise<void> => {
    await pipeline(createReadStream(piece), createWriteStream(stream, { flags: 'a', mode: 0o600 }), { signal });
    await rm(piece);
  };
  const form = await formOf(steps, tools);
  const encoding = { tools, boxes, form, output: piece, overlayPath: join(workFolder, 'boxes.pngs'), collect, signal };
  for (const step of steps) {
    signal.throwIfAborted();
    await encodeStep(step, encoding);
  }
  const durationMs = steps.reduce((sum, step) => sum + step.durationMs, 0);
  await joinSteps(stream, output, { tools, durationMs, signal });
  return durationMs;
}

async function encodeStep(step: FootageStep, encoding: Encoding): Promise<void> {
  if (step.kind === 'part') return encodeFootage(step, encoding);
  const { form, collect } = encoding;
  const picture =
    step.kind === 'gap' ? await drawGap(form, `${(step.missingMs / 1000).toFixed(1)} s without footage`) : await stillOf(step, encoding);
  await encodePicture(picture, { ...encoding, atMs: step.atMs, durationMs: step.durationMs });
  return collect();
}

async function stillOf({ source }: { source: FootageSource }, { boxes }: Encoding) {
  const picture = await readStill(locationOf(source));
  const seen = (boxes.get(source.file.id) ?? []).flatMap((frame) => frame.boxes);
  return seen.length === 0 ? picture : drawBoxes(picture, seen);
}

/** An overlay that changes more often than this is more than one call of ffmpeg can be told. */
const MOST_STATES = 500;

async function encodeFootage(step: FootageStep & { kind: 'part' }, encoding: Encoding): Promise<void> {
  const { boxes, overlayPath, collect } = encoding;
  const { file } = step.source;
  const { fromMs, durationMs } = step;
  const states = holdBoxes(boxes.get(file.id) ?? [], { analysedOffsetsMs: file.analysed_offsets_ms ?? [], fromMs, durationMs });
  for (const piece of splitByStates(states, durationMs, MOST_STATES)) {
    const size = sizeOf(step.source);
    const overlay = piece.states.length === 0 ? undefined : await writeOverlay(overlayPath, size, piece.states);
    const place = { fromMs: fromMs + piece.startMs, atMs: step.atMs + piece.startMs, durationMs: piece.durationMs };
    await encodePart(locationOf(step.source), { ...encoding, ...place, overlay });
    await rm(overlayPath, { force: true });
    await collect();
  }
}

const LARGEST_SIDE = 3840;
const USUAL_FRAME_RATE = 25;

/** Of the first file, with even sides as H.264 wants them; stills are shown with ten frames a second. */
async function formOf(steps: readonly FootageStep[], tools: FfmpegTools): Promise<ClipForm> {
  const first = steps.find((step) => step.kind !== 'gap');
  if (first === undefined) throw new MediaError('no_frames', 'there is no footage in that span');
  const isStill = first.kind === 'still';
  const { pixelAspect = 1 } = isStill ? {} : await probeVideo(locationOf(first.source), tools);
  const { width: columns, height } = sizeOf(first.source);
  const width = columns * pixelAspect;
  const scale = Math.min(1, LARGEST_SIDE / Math.max(width, height));
  const even = (side: number): number => Math.max(2, 2 * Math.round((side * scale) / 2));
  const rate = isStill ? 10 : Math.min(60, Math.max(1, Math.round(first.source.file.frame_rate ?? USUAL_FRAME_RATE)));
  return { width: even(width), height: even(height), frameRate: rate };
}

function sizeOf({ file: { width, height } }: FootageSource): { width: number; height: number } {
  if (width === null || height === null) throw new MediaError('decode_failed', 'the size of the picture is unknown');
  return { width, height };
}
