import type { Knex } from 'knex';

import type { EventRow } from '../models/events.ts';
import type { MediaFileRow } from '../models/media-files.ts';

export type ClipEventRow = Pick<EventRow, 'id' | 'camera_id' | 'started_at' | 'ended_at' | 'clip_path'>;

export async function findClipEvent(knex: Knex, id: number): Promise<ClipEventRow | undefined> {
  return knex('events').where({ id }).first<ClipEventRow | undefined>('id', 'camera_id', 'started_at', 'ended_at', 'clip_path');
}

type FootageSpan = { cameraId: string; from: Date; until: Date };

/** Files of a camera that were read and have a part in a span of footage time, in the order of footage. */
export async function findClipFootage(knex: Knex, { cameraId, from, until }: FootageSpan): Promise<MediaFileRow[]> {
  return knex<MediaFileRow>('media_files')
    .where('camera_id', cameraId)
    .whereIn('status', ['done', 'partial'])
    .where('captured_at', '<=', until)
    .where('ended_at', '>=', from)
    .orderBy(['captured_at', 'id']);
}

/** The clip the event has, null for none, undefined without such an event; nobody else changes the event until the transaction ends. */
export async function lockClipPath(trx: Knex.Transaction, id: number): Promise<string | null | undefined> {
  const row = await trx('events').where({ id }).forUpdate().first<{ clip_path: string | null } | undefined>('clip_path');
  return row?.clip_path;
}

/** Where the clip of an event lies; a clip is no change that a reviewer has to see, so the version stays. */
export async function saveClipPath(knex: Knex, id: number, path: string): Promise<void> {
  await knex('events').where({ id }).update({ clip_path: path });
}

/** Paths of the clips that these events have. */
export async function findClipsOfEvents(knex: Knex, eventIds: readonly number[]): Promise<string[]> {
  return knex('events')
    .whereRaw('id = ANY (?::bigint[])', [[...eventIds]])
    .whereNotNull('clip_path')
    .pluck<string[]>('clip_path');
}
