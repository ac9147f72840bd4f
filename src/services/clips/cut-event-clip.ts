import { access, chmod, mkdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Knex } from 'knex';

import { findClipEvent, findClipFootage, type ClipEventRow } from '../../db/queries/clip-footage.ts';
import type { MediaFileRow } from '../../db/models/media-files.ts';
import { planClip } from '../../domain/clips/plan-clip.ts';
import { requireDuration } from '../../media/clips/run-to-file.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { MediaError, ofFile } from '../../media/media-error.ts';
import { probeVideo } from '../../media/probe-video.ts';
import { noSuchEvent } from '../events/review-event.ts';
import { checkOriginal } from '../footage/check-original.ts';
import { clipName } from './clip-name.ts';
import type { EventClip } from './event-clip.ts';
import { findEventBoxes, type EventBoxes } from './event-boxes.ts';
import type { FootageSource, FootageStep } from './footage-step.ts';
import { makeClip, type ClipMode } from './make-clip.ts';
import { saveClip } from './save-clip.ts';
import { inWorkFolder } from './work-folder.ts';

export type CutClipOptions = {
  tools: () => Promise<FfmpegTools>;
  /** Clips of events lie here under names made of their content; the event then knows its clip. */
  folder: string;
  /** Another file instead, which the event does not remember; it is replaced. */
  path?: string | undefined;
  beforeMs: number;
  afterMs: number;
  mode: ClipMode;
  /** Draw what was seen of the event, with class and confidence. */
  boxes: boolean;
  /** Compare originals by their sha256, not only by size and time. */
  verify: boolean;
  actor: string;
  signal: AbortSignal;
};

/**
 * Cuts the clip of an event from its footage; it is whole or not there. Throws MediaError with the path of the original where one is missing or
 * changed, and UsageError for an unknown event.
 */
export async function cutEventClip(knex: Knex, eventId: number, options: CutClipOptions): Promise<EventClip> {
  const event = await findClipEvent(knex, eventId);
  if (event === undefined) throw noSuchEvent([eventId]);
  const steps = await planEvent(knex, event, options);
  const sources = steps.flatMap((step) => (step.kind === 'gap' ? [] : [step.source]));
  if (sources.length === 0) throw new MediaError('no_frames', 'there is no footage of it that can be read');
  await checkOriginals(sources, options);
  const boxes = options.boxes ? await findEventBoxes(knex, event) : undefined;
  const path = options.path ?? join(options.folder, clipName(eventId, { steps, boxes, mode: options.mode }));
  const counts = { path, files: sources.length, gaps: steps.length - sources.length };
  const kept = options.path === undefined ? await keptClip(path, await options.tools()) : undefined;
  if (kept === undefined) return writeClip(knex, { eventId, steps, boxes, counts, options });
  const clip = { event_id: eventId, ...counts, ...kept };
  if (event.clip_path !== path) await saveClip(knex, { clip, isRemembered: true, actor: options.actor, place: () => access(path) });
  return clip;
}

async function planEvent(knex: Knex, event: ClipEventRow, { beforeMs, afterMs }: CutClipOptions): Promise<FootageStep[]> {
  const fromMs = event.started_at.getTime() - beforeMs;
  const untilMs = (event.ended_at ?? event.started_at).getTime() + afterMs;
  const files = await findClipFootage(knex, { cameraId: event.camera_id, from: new Date(fromMs), until: new Date(untilMs) });
  return planClip(files.flatMap(toSource), { fromMs, untilMs });
}

/** Of a damaged file only what can be read. */
function toSource(file: MediaFileRow): FootageSource[] {
  if (file.captured_at === null) return [];
  const startMs = file.captured_at.getTime();
  if (file.media_type === 'image') return [{ file, startMs, endMs: startMs, isStill: true }];
  return [{ file, startMs, endMs: startMs + Math.floor((file.duration_ms ?? 0) * (file.readable_fraction ?? 1)), isStill: false }];
}

async function checkOriginals(sources: readonly FootageSource[], options: CutClipOptions): Promise<void> {
  for (const { file } of sources) {
    try {
      await checkOriginal(file, options);
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      throw ofFile(file.path, error);
    }
  }
}

type ClipCounts = Pick<EventClip, 'path' | 'files' | 'gaps'>;
type ClipFacts = Pick<EventClip, 'bytes' | 'duration_ms' | 'mode'>;

async function keptClip(path: string, tools: FfmpegTools): Promise<ClipFacts | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  try {
    const { durationMs } = await probeVideo({ path, root: dirname(path) }, tools);
    return durationMs === undefined ? undefined : { bytes: found.size, duration_ms: durationMs, mode: 'kept' };
  } catch (error) {
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}

type Making = {
  eventId: number;
  steps: readonly FootageStep[];
  boxes: EventBoxes | undefined;
  counts: ClipCounts;
  options: CutClipOptions;
};

/** Under its name the file is complete and, if it is to be, remembered; or it is not there. */
async function writeClip(knex: Knex, { eventId, steps, boxes, counts, options }: Making): Promise<EventClip> {
  const { path } = counts;
  if (options.path === undefined) await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return inWorkFolder(dirname(path), async (workFolder) => {
    const output = join(workFolder, 'clip.mp4');
    const clip = { event_id: eventId, ...counts, ...(await renderClip(steps, { workFolder, output, boxes }, options)) };
    const { isRemembered, actor } = { isRemembered: options.path === undefined, actor: options.actor };
    await saveClip(knex, { clip, isRemembered, actor, place: () => rename(output, path) });
    return clip;
  });
}

type Place = { workFolder: string; output: string; boxes: EventBoxes | undefined };

async function renderClip(steps: readonly FootageStep[], place: Place, options: CutClipOptions): Promise<ClipFacts> {
  const { signal } = options;
  // Boxes are drawn on pictures, which then have to be encoded.
  const mode = place.boxes === undefined ? options.mode : 'encode';
  const tools = await options.tools();
  const made = await makeClip(steps, { ...place, tools, mode, signal });
  const { durationMs } = await probeVideo({ path: place.output, root: place.workFolder }, tools, { signal });
  requireDuration(durationMs, made.durationMs);
  await chmod(place.output, 0o600);
  const { size } = await stat(place.output);
  return { bytes: size, duration_ms: durationMs ?? made.durationMs, mode: made.mode };
}
