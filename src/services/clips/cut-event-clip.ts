import { chmod, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { findClipEvent, findClipFootage, saveClipPath, type ClipEventRow } from '../../db/queries/clip-footage.ts';
import type { MediaFileRow } from '../../db/models/media-files.ts';
import { planClip } from '../../domain/clips/plan-clip.ts';
import { requireDuration } from '../../media/clips/run-to-file.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { MediaError } from '../../media/media-error.ts';
import { probeVideo } from '../../media/probe-video.ts';
import { noSuchEvent } from '../events/review-event.ts';
import { checkOriginal } from '../footage/check-original.ts';
import { clipName } from './clip-name.ts';
import { makeClip, type ClipMode, type FootageSource, type FootageStep } from './make-clip.ts';

export type CutClipOptions = {
  tools: () => Promise<FfmpegTools>;
  /** Clips of events lie here under names made of their content; the event then knows its clip. */
  folder: string;
  /** Another file instead, which the event does not remember; it is replaced. */
  path?: string | undefined;
  beforeMs: number;
  afterMs: number;
  mode: ClipMode;
  /** Compare originals by their sha256, not only by size and time. */
  verify: boolean;
  actor: string;
  signal: AbortSignal;
};

export type EventClip = {
  event_id: number;
  path: string;
  bytes: number;
  duration_ms: number;
  /** `kept`: a clip of the same footage was there. */
  mode: 'copy' | 'encode' | 'kept';
  files: number;
  gaps: number;
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
  const path = options.path ?? join(options.folder, clipName(event.id, steps, options.mode));
  const counts = { event_id: eventId, path, files: sources.length, gaps: steps.length - sources.length };
  const kept = options.path === undefined ? await keptClip(path, await options.tools()) : undefined;
  const clip = kept === undefined ? { ...counts, ...(await writeClip(steps, path, options)) } : { ...counts, ...kept };
  await record(knex, { event, clip, options });
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
      throw new MediaError(error.code, `${JSON.stringify(file.path)} ${error.message}`, { cause: error });
    }
  }
}

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

async function writeClip(steps: readonly FootageStep[], path: string, options: CutClipOptions): Promise<ClipFacts> {
  const folder = dirname(path);
  if (options.path === undefined) await mkdir(folder, { recursive: true, mode: 0o700 });
  const workFolder = await mkdtemp(join(folder, '.clip-'));
  const output = join(workFolder, 'clip.mp4');
  const { signal, mode } = options;
  try {
    const tools = await options.tools();
    const made = await makeClip(steps, { tools, mode, workFolder, output, signal });
    const { durationMs } = await probeVideo({ path: output, root: workFolder }, tools, { signal });
    requireDuration(durationMs, made.durationMs);
    const { size } = await stat(output);
    await chmod(output, 0o600);
    await rename(output, path);
    return { bytes: size, duration_ms: durationMs ?? made.durationMs, mode: made.mode };
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

type Recorded = { event: ClipEventRow; clip: EventClip; options: CutClipOptions };

async function record(knex: Knex, { event, clip, options }: Recorded): Promise<void> {
  if (clip.mode === 'kept' && event.clip_path === clip.path) return;
  const { event_id: id, ...details } = clip;
  await knex.transaction(async (trx) => {
    if (options.path === undefined) await saveClipPath(trx, id, clip.path);
    const entry = { action: 'media_exported', resource_type: 'event', resource_id: String(id), actor: options.actor } as const;
    await insertAuditLog(trx, { ...entry, details: { type: 'clip', ...details } });
  });
}
