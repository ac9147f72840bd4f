import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { ensureDetectionPartitions } from '../../../src/db/partitions.ts';

export const RUN_ID = '0192f0c0-0000-7000-8000-000000000001';

export async function seedRun(knex: Knex): Promise<void> {
  await knex('runs').insert({ id: RUN_ID, command: 'ingest', hs_version: '0', config_fingerprint: 'x' });
}

export async function seedCamera(knex: Knex, id: string, more: object = {}): Promise<void> {
  await knex('cameras').insert({ id, name: id, folder_path: `/footage/${id}`, ...more });
}

type SeedFile = { camera: string; at: string; more?: object };

/** A finished video of ten seconds. */
export async function seedFile(knex: Knex, { camera, at, more = {} }: SeedFile): Promise<number> {
  const captured = new Date(at);
  const path = `/footage/${camera}/${at}.mp4`;
  const [row] = await knex('media_files')
    .insert({
      camera_id: camera,
      path,
      content_sha256: createHash('sha256').update(path).digest('hex'),
      size_bytes: 1000,
      modified_at: captured,
      media_type: 'video',
      captured_at: captured,
      captured_at_source: 'filename',
      ended_at: new Date(captured.getTime() + 10_000),
      duration_ms: 10_000,
      width: 640,
      height: 480,
      status: 'done',
      model_fingerprint: 'm',
      run_id: RUN_ID,
      processed_at: knex.fn.now(),
      ...more,
    })
    .returning('id');
  return row.id;
}

type SeedDetection = { fileId: number; camera: string; at: string; offsetMs?: number; more?: object };

export async function seedDetection(knex: Knex, options: SeedDetection): Promise<{ id: number; detected_at: Date }> {
  const { fileId, camera, at, offsetMs = 0, more = {} } = options;
  const detected = new Date(new Date(at).getTime() + offsetMs);
  await ensureDetectionPartitions(knex, [detected]);
  const [row] = await knex('detections')
    .insert({
      camera_id: camera,
      file_path: `/footage/${camera}/${at}.mp4`,
      detected_at: detected,
      object_type: 'person',
      confidence: 0.9,
      bbox_x: 1,
      bbox_y: 2,
      bbox_width: 30,
      bbox_height: 40,
      media_type: 'video',
      video_width: 640,
      video_height: 480,
      media_file_id: fileId,
      frame_index: 0,
      frame_offset_ms: offsetMs,
      run_id: RUN_ID,
      model_id: 'test-model',
      time_source: 'filename',
      ...more,
    })
    .returning(['id', 'detected_at']);
  return row;
}

type SeedEvent = { camera: string; members: { id: number; detected_at: Date }[]; at?: string; more?: object };

export async function seedEvent(knex: Knex, { camera, members, at, more = {} }: SeedEvent): Promise<number> {
  const started = at === undefined ? members[0]!.detected_at : new Date(at);
  const [row] = await knex('events')
    .insert({
      batch_id: `${camera}-${started.toISOString()}`,
      camera_id: camera,
      started_at: started,
      ended_at: members.at(-1)?.detected_at ?? started,
      object_types: 'person',
      detection_count: members.length,
      max_score: 0.9,
      ...more,
    })
    .returning('id');
  const links = members.map((member) => ({ event_id: row.id, detection_id: member.id, detected_at: member.detected_at }));
  if (links.length > 0) await knex('event_detections').insert(links);
  return row.id;
}
