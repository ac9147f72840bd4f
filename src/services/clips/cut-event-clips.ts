import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Knex } from 'knex';

import { findMissingEventIds } from '../../db/queries/events.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { MediaError } from '../../media/media-error.ts';
import { noSuchEvent } from '../events/review-event.ts';
import { ffmpegFinder, type DecodeSettings } from '../footage/read-footage-frame.ts';
import { CLIP_FOLDER } from './clip-name.ts';
import { cutEventClip, type CutClipOptions } from './cut-event-clip.ts';
import type { EventClip } from './event-clip.ts';
import { sweepWorkFolders } from './work-folder.ts';

export type CutClipsOptions = Omit<CutClipOptions, 'tools' | 'folder' | 'path' | 'signal'> & {
  ids: readonly number[];
  settings: DecodeSettings;
  /** File (of one event) or existing folder. */
  out: string | undefined;
  /** No further clip is begun; the one at work is finished. */
  signal: AbortSignal;
  onFailure: (text: string) => void;
  /** Events that were seen to, whatever came of it. */
  onProgress: (progress: { done: number; total: number }) => void;
};

/** Throws a usage error where an event is unknown or there is no place to write to. */
export async function checkClipOrder(knex: Knex, { ids, out }: Pick<CutClipsOptions, 'ids' | 'out'>): Promise<void> {
  const missing = await findMissingEventIds(knex, [...new Set(ids)]);
  if (missing.length > 0) throw noSuchEvent(missing);
  await namesFor(ids, out);
}

/** Cuts clips one after the other; one that fails is told, the others go on. Each is whole or not there. */
export async function* cutEventClips(knex: Knex, options: CutClipsOptions): AsyncGenerator<EventClip> {
  const { settings, signal, onFailure, onProgress } = options;
  const ids = [...new Set(options.ids)];
  const pathOf = await namesFor(ids, options.out);
  const folder = join(settings.home, CLIP_FOLDER);
  const named = pathOf(0);
  await sweepWorkFolders(named === undefined ? folder : dirname(named));
  const shared = { ...options, tools: ffmpegFinder(settings), folder, signal: new AbortController().signal };
  for (const [done, id] of ids.entries()) {
    if (signal.aborted) return;
    onProgress({ done, total: ids.length });
    try {
      yield await cutEventClip(knex, id, { ...shared, path: pathOf(id) });
    } catch (error) {
      // They were all there when the work began: one that is unknown now went meanwhile.
      if (!(error instanceof MediaError || error instanceof UsageError)) throw error;
      onFailure(`event ${String(id)}: ${error.message}`);
    }
  }
  onProgress({ done: ids.length, total: ids.length });
}

async function namesFor(ids: readonly number[], out: string | undefined): Promise<(id: number) => string | undefined> {
  if (out === undefined) return () => undefined;
  const path = resolve(out);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return (id) => join(path, `event-${String(id)}.mp4`);
  if (new Set(ids).size > 1)
    throw new UsageError(`--out ${out} is no folder, and there are several events`, { hint: 'make the folder first' });
  const parent = await stat(dirname(path)).catch(() => undefined);
  if (!parent?.isDirectory()) throw new UsageError(`--out ${out}: there is no folder to write it to`, { hint: 'make the folder first' });
  return () => path;
}
