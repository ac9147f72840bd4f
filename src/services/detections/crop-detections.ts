import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { findDetectionCrops, findMissingDetectionIds, type DetectionCropRow } from '../../db/queries/detection-crops.ts';
import type { BoxXywh } from '../../domain/box.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';
import { encodeJpeg } from '../../media/drawing/encode-jpeg.ts';
import { encodePng } from '../../media/drawing/encode-png.ts';
import { MediaError } from '../../media/media-error.ts';
import { openFrameReader, type FrameReader } from '../footage/frame-reader.ts';
import type { DecodeSettings } from '../footage/read-footage-frame.ts';
import { toPlaced } from '../zones/camera-zones.ts';
import { cropName } from './crop-name.ts';

export type CropFormat = 'jpeg' | 'png';

export type CropOptions = {
  ids: readonly number[];
  /** Existing folder. */
  out: string;
  /** So much of the box is added on each side, as a share of its side. */
  pad: number;
  format: CropFormat;
  /** Compare originals by their sha256, not only by size and time. */
  verify: boolean;
  actor: string;
  settings: DecodeSettings;
  signal: AbortSignal;
  onFailure: (text: string) => void;
  onProgress: (progress: { done: number; total: number }) => void;
};

export type DetectionCrop = { detection_id: number; width: number; height: number; bytes: number; path: string };

/** Throws a usage error where a detection is unknown or there is no folder to write to. */
export async function checkCropOrder(knex: Knex, { ids, out }: Pick<CropOptions, 'ids' | 'out'>): Promise<void> {
  const missing = await findMissingDetectionIds(knex, [...new Set(ids)]);
  if (missing.length > 0) {
    const what = missing.length === 1 ? 'is no detection' : 'are no detections';
    throw new UsageError(`there ${what} ${missing.join(', ')}`, {
      code: 'detection_unknown',
      hint: '`hs detections list` shows the ids there are',
    });
  }
  const found = await stat(out).catch(() => undefined);
  if (!found?.isDirectory()) throw new UsageError(`--out ${out} is no folder`, { hint: 'make the folder first' });
}

const PAGE_ROWS = 200;

/** Cuts detections out of their footage into one file each; one that fails is told, the others go on. */
export async function* cropDetections(knex: Knex, options: CropOptions): AsyncGenerator<DetectionCrop> {
  const { signal, onFailure, onProgress } = options;
  const ids = [...new Set(options.ids)];
  const folder = resolve(options.out);
  const reader = openFrameReader({ ...options, signal: new AbortController().signal });
  let done = 0;
  let written = 0;
  for await (const row of rowsOf(knex, ids)) {
    if (signal.aborted) break;
    onProgress({ done: done++, total: ids.length });
    try {
      yield await writeCrop(row, { ...options, folder, reader });
      written += 1;
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      onFailure(`detection ${String(row.id)}: ${error.message}`);
    }
  }
  onProgress({ done, total: ids.length });
  if (written > 0) await record(knex, { ...options, written, folder });
}

async function* rowsOf(knex: Knex, ids: readonly number[]): AsyncGenerator<DetectionCropRow> {
  for (let start = 0; start < ids.length; start += PAGE_ROWS) yield* await findDetectionCrops(knex, ids.slice(start, start + PAGE_ROWS));
}

type Target = { folder: string; reader: FrameReader } & Pick<CropOptions, 'pad' | 'format'>;

async function writeCrop(row: DetectionCropRow, { folder, reader, pad, format }: Target): Promise<DetectionCrop> {
  const placed = toPlaced(row);
  if (placed === undefined || row.file === null || row.frame_offset_ms === null)
    throw new MediaError('no_frames', 'its place in a file of the store is not known');
  const crop = await reader.read(row.file, row.frame_offset_ms, { box: padded(placed.box, pad), of: placed.picture });
  const path = join(folder, cropName(row, format));
  const bytes = await writeAtomically(path, [await (format === 'png' ? encodePng : encodeJpeg)(crop)]);
  return { detection_id: row.id, width: crop.width, height: crop.height, bytes, path };
}

function padded({ x, y, width, height }: BoxXywh, pad: number): BoxXywh {
  const [right, down] = [width * pad, height * pad];
  return { x: x - right, y: y - down, width: width + 2 * right, height: height + 2 * down };
}

type Recorded = Pick<CropOptions, 'ids' | 'actor' | 'pad' | 'format'> & { written: number; folder: string };

const IDS_RECORDED = 100;

async function record(knex: Knex, { ids, actor, pad, format, written, folder }: Recorded): Promise<void> {
  const details = { type: 'crops', written, folder, pad, format, ids: ids.slice(0, IDS_RECORDED) };
  await insertAuditLog(knex, { action: 'media_exported', resource_type: 'detection', actor, details });
}
