import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { lockClipPath, saveClipPath } from '../../db/queries/clip-footage.ts';
import { MediaError } from '../../media/media-error.ts';
import { noSuchEvent } from '../events/review-event.ts';
import type { EventClip } from './event-clip.ts';
import { removeClips } from './remove-clips.ts';

type SaveClip = {
  clip: EventClip;
  /** The event gets its path, and loses an earlier clip. */
  isRemembered: boolean;
  actor: string;
  /** Brings the file under its name. */
  place: () => Promise<void>;
};

/**
 * Puts a clip in its place. All of it happens while nobody else can change the event: of two commands at once one comes after the other, and no
 * clip is left that no event names.
 */
export async function saveClip(knex: Knex, { clip, isRemembered, actor, place }: SaveClip): Promise<void> {
  const { event_id: id, ...details } = clip;
  await knex.transaction(async (trx) => {
    const earlier = await lockClipPath(trx, id);
    if (earlier === undefined) throw noSuchEvent([id]);
    await placed(place);
    if (isRemembered) {
      await saveClipPath(trx, id, clip.path);
      if (earlier !== null && earlier !== clip.path) await removeClips([earlier]);
    }
    const entry = { action: 'media_exported', resource_type: 'event', resource_id: String(id), actor } as const;
    await insertAuditLog(trx, { ...entry, details: { type: 'clip', ...details } });
  });
}

async function placed(place: () => Promise<void>): Promise<void> {
  try {
    await place();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new MediaError('vanished', 'another command removed its clip meanwhile', { cause });
  }
}
