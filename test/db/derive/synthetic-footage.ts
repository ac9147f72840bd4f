import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { saveFinishedFiles, type NewDetection } from '../../../src/db/models/media-files-finish.ts';
import { ensureDetectionPartitions } from '../../../src/db/partitions.ts';
import { deriveCamera } from '../../../src/services/derive/derive-camera.ts';
import { RUN_ID } from '../answers/seed.ts';

export const CAMERA = 'gate';

export const START_MS = Date.UTC(2026, 0, 14, 8, 15);

/** What a detector saw in one frame of a file; offset from the start of the file. */
export type SyntheticDetection = { offsetMs: number; label: string; score: number; x: number; y: number; width: number; height: number };

/** A file as if it had been analysed. */
export type SyntheticFile = {
  name: string;
  startMs: number;
  durationMs: number;
  isStill: boolean;
  frameOffsetsMs: number[];
  detections: SyntheticDetection[];
};

/** Stores files and their detections the way ingest does; a file that is there already is replaced. */
export async function storeFiles(knex: Knex, files: readonly SyntheticFile[]): Promise<void> {
  const stored: { file: SyntheticFile; id: number }[] = [];
  for (const file of files) stored.push({ file, id: await claimFile(knex, file) });
  await ensureDetectionPartitions(
    knex,
    files.map((file) => new Date(file.startMs)),
  );
  await saveFinishedFiles(knex, {
    runId: RUN_ID,
    modelFingerprint: 'm',
    modelId: 'synthetic',
    files: stored.map(({ file, id }) => ({
      id,
      status: 'done',
      failureCode: null,
      failureMessage: null,
      retry: false,
      width: 640,
      height: 480,
      framesExpected: file.frameOffsetsMs.length,
      framesDecoded: file.frameOffsetsMs.length,
      readableFraction: 1,
      readableMs: file.durationMs,
      analysedOffsetsMs: file.frameOffsetsMs,
    })),
    detections: stored.flatMap(({ file, id }) =>
      file.detections.map((one): NewDetection => ({ ...one, fileId: id, frameIndex: file.frameOffsetsMs.indexOf(one.offsetMs) })),
    ),
  });
}

async function claimFile(knex: Knex, { name, startMs, durationMs, isStill }: SyntheticFile): Promise<number> {
  const content_sha256 = createHash('sha256').update(name).digest('hex');
  const started = new Date(startMs);
  const row = {
    camera_id: CAMERA,
    path: `/footage/${CAMERA}/${name}`,
    content_sha256,
    size_bytes: 1_000,
    modified_at: started,
    media_type: isStill ? 'image' : 'video',
    captured_at: started,
    captured_at_source: 'filename',
    ended_at: new Date(startMs + durationMs),
    duration_ms: isStill ? null : durationMs,
    status: 'processing',
    run_id: RUN_ID,
  };
  const [saved] = await knex('media_files')
    .insert(row)
    .onConflict(['camera_id', 'content_sha256'])
    .merge({ status: 'processing' })
    .returning<{ id: number }[]>('id');
  if (saved === undefined) throw new Error('the file was not stored');
  return saved.id;
}

export function derive(knex: Knex): ReturnType<typeof deriveCamera> {
  return deriveCamera({ knex, camera: { id: CAMERA, enabled: true, gates: {} } });
}

export async function clearFootage(knex: Knex): Promise<void> {
  await knex.raw('TRUNCATE media_files, detections, tracks, events, event_detections RESTART IDENTITY CASCADE');
}

/** One frame with one sure sighting of a person, each at another place, so that nobody ever stands still. */
export function sighting(second: number, part: Partial<SyntheticDetection> = {}): SyntheticFile {
  const x = (((second * 37) % 500) + 500) % 500;
  return {
    name: `sighting ${String(second)}`,
    startMs: START_MS + second * 1_000,
    durationMs: 1_000,
    isStill: false,
    frameOffsetsMs: [0],
    detections: [{ offsetMs: 0, label: 'person', score: 0.9, x, y: 100, width: 40, height: 100, ...part }],
  };
}
