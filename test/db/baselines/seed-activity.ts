import type { Knex } from 'knex';
import type { CountedTrack } from '../../../src/domain/baselines/activity-hours.ts';
import { rebuildCamera, type BaselineResult } from '../../../src/services/baselines/rebuild-camera.ts';
import type { BaselineCamera } from '../../../src/services/baselines/baseline-camera.ts';
import { inTransaction } from '../../../src/services/lists/in-transaction.ts';
import { RUN_ID } from '../answers/seed.ts';

export type SeededFile = {
  startMs: number;
  lengthMs: number;
  isStill?: boolean;
  status?: 'done' | 'partial' | 'failed';
  claimedMs?: number;
};

let files = 0;
let detections = 0;

/** Files as if they had been analysed. */
export async function seedFootage(knex: Knex, camera: string, footage: readonly SeededFile[]): Promise<void> {
  const rows = footage.map(({ startMs, lengthMs, isStill = false, status = 'done', claimedMs = lengthMs }) => {
    files += 1;
    return {
      camera_id: camera,
      path: `/footage/${camera}/${String(files)}`,
      content_sha256: files.toString(16).padStart(64, '0'),
      size_bytes: 1,
      modified_at: new Date(startMs),
      media_type: isStill ? 'image' : 'video',
      captured_at: new Date(startMs),
      captured_at_source: 'filename',
      ended_at: new Date(startMs + lengthMs),
      duration_ms: isStill ? null : claimedMs,
      status,
      failure_code: status === 'done' ? null : 'truncated',
      model_fingerprint: 'm',
      run_id: RUN_ID,
      processed_at: new Date(),
    };
  });
  await knex.batchInsert('media_files', rows, 500);
}

export async function seedTracks(knex: Knex, camera: string, tracks: readonly CountedTrack[]): Promise<void> {
  const rows = tracks.map(({ firstMs, label, confirmed }) => {
    detections += 1;
    const at = new Date(firstMs);
    const seen = { first_seen: at, last_seen: at, closed_at: new Date(firstMs + 1), first_detection_id: detections, detection_count: 1 };
    return { camera_id: camera, object_class: label, class_group: 'other', ...seen, max_score: 0.9, confirmed };
  });
  await knex.batchInsert('tracks', rows, 500);
}

export function rebuild(knex: Knex, camera: BaselineCamera, options: { asOfMs?: number } = {}): Promise<BaselineResult> {
  return knex.transaction((trx) => rebuildCamera(trx, camera, options));
}

/** What a rebuild would change; nothing is kept. */
export async function findDifferences(knex: Knex, camera: BaselineCamera): Promise<object> {
  const result = await inTransaction(knex, { dryRun: true }, (trx) => rebuildCamera(trx, camera));
  const { changed_hours, changed_slots, changed_events } = result;
  return { changed_hours, changed_slots, changed_events };
}

export const NO_DIFFERENCES = { changed_hours: 0, changed_slots: 0, changed_events: 0 };
