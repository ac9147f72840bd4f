import { createHash, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Knex } from 'knex';
import sharp from 'sharp';

import { ensureDetectionPartitions } from '../../src/db/partitions.ts';

export type ColouredTrack = {
  folder: string;
  camera: string;
  at: Date;
  /** What the person wears; one still for each. */
  colours: readonly string[];
  heightPx?: number;
  confirmed?: boolean;
  group?: string;
  eventId?: number;
};

const PICTURE = { width: 320, height: 240 };
const BOX = { left: 100, top: 20, width: 60 };

/** Stills with somebody of one colour in front of a grey wall, stored as an ingest would have; returns the track's id. */
export async function addColouredTrack(knex: Knex, track: ColouredTrack): Promise<number> {
  const { camera, at, colours, heightPx = 150, group = 'person' } = track;
  const last = new Date(at.getTime() + (colours.length - 1) * 1000);
  await ensureDetectionPartitions(knex, [at, last]);
  await knex('cameras')
    .insert({ id: camera, name: camera, folder_path: join(track.folder, camera) })
    .onConflict('id')
    .ignore();
  const ids: number[] = [];
  for (const [index, colour] of colours.entries()) {
    ids.push(await addStill(knex, { ...track, colour, heightPx, at: new Date(at.getTime() + index * 1000) }));
  }
  const [row] = await knex('tracks')
    .insert({
      camera_id: camera,
      object_class: group === 'vehicle' ? 'car' : group,
      class_group: group,
      first_seen: at,
      last_seen: last,
      closed_at: last,
      first_detection_id: ids[0],
      detection_count: ids.length,
      max_score: 0.9,
      confirmed: track.confirmed ?? true,
    })
    .returning<{ id: number }[]>('id');
  await knex('detections').whereIn('id', ids).update({ track_id: row!.id });
  return row!.id;
}

type Still = ColouredTrack & { colour: string; heightPx: number };

async function addStill(knex: Knex, { folder, camera, at, colour, heightPx, eventId, group = 'person' }: Still): Promise<number> {
  const path = join(folder, `${randomUUID()}.png`);
  const person = { create: { width: BOX.width, height: heightPx, channels: 3 as const, background: colour } };
  const bytes = await sharp({ create: { ...PICTURE, channels: 3, background: '#808080' } })
    .composite([{ input: person, left: BOX.left, top: BOX.top }])
    .png()
    .toBuffer();
  await writeFile(path, bytes);
  const [file] = await knex('media_files')
    .insert({
      camera_id: camera,
      path,
      content_sha256: createHash('sha256').update(path).digest('hex'),
      size_bytes: bytes.length,
      modified_at: at,
      media_type: 'image',
      captured_at: at,
      captured_at_source: 'filename',
      ...PICTURE,
      status: 'skipped',
    })
    .returning<{ id: number }[]>('id');
  const box = { bbox_x: BOX.left, bbox_y: BOX.top, bbox_width: BOX.width, bbox_height: heightPx };
  const [detection] = await knex('detections')
    .insert({
      camera_id: camera,
      file_path: path,
      detected_at: at,
      object_type: group === 'vehicle' ? 'car' : group,
      confidence: 0.9,
      ...box,
      media_file_id: file!.id,
      frame_index: 0,
      frame_offset_ms: 0,
    })
    .returning<{ id: number }[]>('id');
  if (eventId !== undefined) await knex('event_detections').insert({ event_id: eventId, detection_id: detection!.id, detected_at: at });
  return detection!.id;
}
