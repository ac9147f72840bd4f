import type { Knex } from 'knex';

import {
  findAnalysedSpans,
  findDetectionsForDerivation,
  type AnalysedSpanRow,
  type DerivationDetectionRow,
} from '../../db/models/detections.ts';
import type { AnalysedFrame, StoredDetection } from '../../domain/stored-detection.ts';
import type { Span } from './derivation-window.ts';

/** A stored detection with the columns that derivation may change, as they are in the database. */
export type LoadedDetection = StoredDetection & {
  timeAmbiguous: boolean;
  stored: { isStatic: boolean; trackId: number | null };
};

export type Footage = { detections: LoadedDetection[]; frames: AnalysedFrame[] };

/** Everything tracks are derived from: detections, and the frames that were looked at, also those without detections. */
export async function loadFootage(knex: Knex, options: Span & { cameraId: string }): Promise<Footage> {
  const interval = {
    cameraId: options.cameraId,
    from: new Date(options.fromMs),
    until: new Date(options.untilMs),
  };
  const rows = await findDetectionsForDerivation(knex, interval);
  const spans = await findAnalysedSpans(knex, interval);
  return { detections: rows.map(toLoadedDetection), frames: [...framesOf(spans, options)] };
}

export function toLoadedDetection(row: DerivationDetectionRow): LoadedDetection {
  return {
    id: row.id,
    detectedAtMs: row.detected_at.getTime(),
    mediaFileId: row.media_file_id,
    fileSha256: row.content_sha256,
    frameOffsetMs: row.frame_offset_ms,
    label: row.object_type,
    score: row.confidence,
    box: { x: row.bbox_x, y: row.bbox_y, width: row.bbox_width, height: row.bbox_height },
    picture: { width: row.video_width, height: row.video_height },
    isStill: row.media_type === 'image',
    timeAmbiguous: row.time_ambiguous,
    stored: { isStatic: row.is_static, trackId: row.track_id },
  };
}

/** Looked-at frames in the span; the first one of a file says how much footage is missing before it. */
function* framesOf(spans: readonly AnalysedSpanRow[], { fromMs, untilMs }: Span): Generator<AnalysedFrame> {
  let coveredUntilMs: number | undefined;
  for (const span of spans) {
    const startMs = span.captured_at.getTime();
    const isStill = span.media_type === 'image';
    let gapBeforeMs = coveredUntilMs === undefined ? 0 : Math.max(0, startMs - coveredUntilMs);
    for (const offsetMs of span.analysed_offsets_ms) {
      const atMs = startMs + offsetMs;
      if (atMs < fromMs || atMs > untilMs) continue;
      yield { atMs, isStill, gapBeforeMs };
      gapBeforeMs = 0;
    }
    coveredUntilMs = Math.max(coveredUntilMs ?? 0, span.ended_at.getTime());
  }
}
