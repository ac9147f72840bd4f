import { createHash } from 'node:crypto';
import type { Database } from '../../src/db/database.ts';
import { ensureDetectionPartitions } from '../../src/db/partitions.ts';
import { createSaveQueue, type FinishedItem } from '../../src/services/ingest/process/save-queue.ts';
import type { AnalysedDetection } from '../../src/services/ingest/worker/analysis-task.ts';

type Knex = Database['knex'];

export const RUN_ID = '0192f0c0-0000-7000-8000-00000000be0c';
export const START_MS = Date.UTC(2025, 0, 1);
const DAY_MS = 86_400_000;
const FRAME_MS = 500;
const LABELS = ['person', 'car', 'dog', 'truck', 'cat', 'bicycle'];
const SIZE = { width: 1920, height: 1080 };

/** Made-up footage: files of each camera spread evenly over some months of 30 days, two objects moving through each. */
export type Footage = { cameras: number; months: number; files: number; perFile: number };

export function cameraName(index: number): string {
  return `camera_${String(index)}`;
}

/** Cameras, the run and a ledger row for every file, as ingest has them when a file is about to be analysed. */
export async function makeLedger(knex: Knex, footage: Footage): Promise<void> {
  await knex('runs').insert({ id: RUN_ID, command: 'ingest', hs_version: '0', config_fingerprint: 'x' });
  for (let i = 0; i < footage.cameras; i += 1) {
    await knex('cameras').insert({ id: cameraName(i), name: cameraName(i), folder_path: `/footage/${cameraName(i)}`, timezone: 'UTC' });
  }
  for (let first = 0; first < footage.files; first += 1000) {
    const indexes = Array.from({ length: Math.min(1000, footage.files - first) }, (_, i) => first + i);
    await knex('media_files').insert(indexes.map((index) => ledgerRow(index, footage)));
  }
  const days = Array.from({ length: footage.months * 30 }, (_, day) => new Date(START_MS + day * DAY_MS));
  await ensureDetectionPartitions(knex, days);
}

function ledgerRow(index: number, footage: Footage): object {
  const camera = cameraName(index % footage.cameras);
  const startMs = startOf(index, footage);
  const path = `/footage/${camera}/${new Date(startMs).toISOString()}-${String(index)}.mp4`;
  return {
    camera_id: camera,
    path,
    content_sha256: createHash('sha256').update(path).digest('hex'),
    size_bytes: 1_000_000,
    modified_at: new Date(startMs),
    media_type: 'video',
    captured_at: new Date(startMs),
    captured_at_source: 'filename',
    ended_at: new Date(startMs + lengthMs(footage)),
    duration_ms: lengthMs(footage),
    codec: 'h264',
    status: 'processing',
    run_id: RUN_ID,
  };
}

/** Whole seconds, so that files of one camera never begin together. */
function startOf(index: number, { cameras, months, files }: Footage): number {
  const stepMs = Math.floor((months * 30 * DAY_MS) / Math.ceil(files / cameras) / 1000) * 1000;
  return START_MS + Math.floor(index / cameras) * stepMs;
}

function lengthMs({ perFile }: Footage): number {
  return Math.ceil(perFile / 2) * FRAME_MS;
}

/** Outcomes of the analysis of some files; ids are those of the ledger. */
export function makeItems(ids: readonly number[], first: number, footage: Footage): FinishedItem[] {
  return ids.map((id, place) => toItem(id, first + place, footage));
}

function toItem(id: number, index: number, footage: Footage): FinishedItem {
  const startMs = startOf(index, footage);
  const detections = Array.from({ length: footage.perFile }, (_, i) => detectionOf(index, i));
  const frames = Math.ceil(footage.perFile / 2);
  return {
    file: { id, path: '', root: '', mediaType: 'video', startMs, endMs: startMs + lengthMs(footage), movingCamera: false },
    camera: cameraName(index % footage.cameras),
    attempts: 1,
    analysis: {
      status: 'done',
      picture: SIZE,
      detections,
      analysedOffsetsMs: Array.from({ length: frames }, (_, i) => i * FRAME_MS),
      framesExpected: frames,
      framesLookedAt: frames,
      inferences: frames,
      readableFraction: 1,
      readableMs: lengthMs(footage),
      warnings: [],
    },
  };
}

function detectionOf(index: number, place: number): AnalysedDetection {
  const frameIndex = Math.floor(place / 2);
  const isSecond = place % 2 === 1;
  const label = LABELS[(index + (isSecond ? 1 : 0)) % LABELS.length] ?? 'person';
  const x = isSecond ? 1700 - ((frameIndex * 12) % 1600) : 20 + ((frameIndex * 12) % 1600);
  const box = { x, y: isSecond ? 100 : 500, width: 120 + (index % 60), height: 260 + (index % 90) };
  return { frameIndex, offsetMs: frameIndex * FRAME_MS, label, score: 0.6 + ((index * 31 + place * 7) % 400) / 1000, box };
}

/** Sends outcomes through the queue that ingest writes with; returns when all of them are stored. */
export async function saveItems(knex: Knex, items: readonly FinishedItem[]): Promise<void> {
  const silent = { onSaved: () => undefined, onFailed: () => undefined };
  const queue = createSaveQueue({ knex, runId: RUN_ID, modelId: 'bench', modelFingerprint: 'bench', ...silent });
  for (const item of items) {
    queue.push(item);
    if (queue.isBehind) await queue.settle();
  }
  await queue.settle();
}
