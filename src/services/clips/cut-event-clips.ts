import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Knex } from 'knex';

import { findMissingEventIds } from '../../db/queries/events.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { MediaError } from '../../media/media-error.ts';
import { noSuchEvent } from '../events/review-event.ts';
import { ffmpegFinder, type DecodeSettings } from '../footage/read-footage-frame.ts';
import { CLIP_FOLDER } from './clip-name.ts';
import { cutEventClip, type CutClipOptions, type EventClip } from './cut-event-clip.ts';

type CutClipsOptions = Omit<CutClipOptions, 'tools' | 'folder' | 'path'> & {
  ids: readonly number[];
  settings: DecodeSettings;
  /** File (of one event) or existing folder. */
  out: string | undefined;
  onFailure: (line: string) => void;
};

/** Cuts clips one after the other; one that fails is told, the others go on. An unknown id is told before the first one. */
export async function* cutEventClips(knex: Knex, options: CutClipsOptions): AsyncGenerator<EventClip> {
  const ids = [...new Set(options.ids)];
  const missing = await findMissingEventIds(knex, ids);
  if (missing.length > 0) throw noSuchEvent(missing);
  const pathOf = await namesFor(ids, options.out);
  const shared = { ...options, tools: ffmpegFinder(options.settings), folder: join(options.settings.home, CLIP_FOLDER) };
  for (const id of ids) {
    try {
      yield await cutEventClip(knex, id, { ...shared, path: pathOf(id) });
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      options.onFailure(`event ${String(id)}: ${error.message}`);
    }
  }
}

async function namesFor(ids: readonly number[], out: string | undefined): Promise<(id: number) => string | undefined> {
  if (out === undefined) return () => undefined;
  const path = resolve(out);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return (id) => join(path, `event-${String(id)}.mp4`);
  if (ids.length > 1) throw new UsageError(`--out ${out} is no folder, and there are several events`, { hint: 'make the folder first' });
  const parent = await stat(resolve(path, '..')).catch(() => undefined);
  if (!parent?.isDirectory()) throw new UsageError(`--out ${out}: there is no folder to write it to`, { hint: 'make the folder first' });
  return () => path;
}
