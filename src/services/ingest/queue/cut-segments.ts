import { createHash } from 'node:crypto';
import type { SegmentFile } from '../../../db/models/queued-footage.ts';

/** Footage that is looked at in one job: whole files of one camera, one after the other. Times in ms of footage time. */
export type Segment = {
  /** Names the work by what is looked at: content, stream and interval of each file, never paths. */
  key: string;
  cameraId: string;
  fileIds: number[];
  startMs: number;
  endMs: number;
};

export type SegmentLimits = { segmentMs: number; maxFiles: number };

/** Five minutes of footage: a job that is lost costs less than a minute, and its bookkeeping less than a hundredth of it. */
export const SEGMENT_LIMITS: SegmentLimits = { segmentMs: 5 * 60_000, maxFiles: 64 };

/** Cuts files, in the order of camera and time, into segments. A file that is longer is a segment by itself. */
export async function* cutSegments(files: AsyncIterable<SegmentFile>, limits: SegmentLimits = SEGMENT_LIMITS): AsyncGenerator<Segment> {
  let open: SegmentFile[] = [];
  for await (const file of files) {
    if (open.length > 0 && !fits(open, file, limits)) {
      yield toSegment(open);
      open = [];
    }
    open.push(file);
  }
  if (open.length > 0) yield toSegment(open);
}

function fits(open: readonly SegmentFile[], file: SegmentFile, { segmentMs, maxFiles }: SegmentLimits): boolean {
  const [first] = open;
  if (first === undefined || open.length >= maxFiles) return false;
  if (first.camera_id !== file.camera_id || first.media_type !== file.media_type) return false;
  const lengthMs = [...open, file].reduce((sum, { duration_ms }) => sum + (duration_ms ?? 0), 0);
  return lengthMs <= segmentMs;
}

function toSegment(files: readonly SegmentFile[]): Segment {
  const [first] = files;
  const starts = files.map(startOf);
  const ends = files.map((file) => file.ended_at?.getTime() ?? startOf(file));
  const parts = files.map(({ content_sha256, duration_ms }) => [content_sha256, 0, 0, duration_ms ?? 0]);
  return {
    key: createHash('sha256').update(JSON.stringify(parts)).digest('hex'),
    cameraId: first?.camera_id ?? '',
    fileIds: files.map(({ id }) => id),
    startMs: Math.min(...starts),
    endMs: Math.max(...ends),
  };
}

function startOf({ captured_at }: SegmentFile): number {
  return captured_at?.getTime() ?? 0;
}
