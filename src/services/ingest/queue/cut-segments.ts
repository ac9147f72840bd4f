import { createHash } from 'node:crypto';
import type { SegmentFile } from '../../../db/models/queued-footage.ts';
import { cutFile, type CutOptions, type FilePart } from '../../../domain/file-parts.ts';

/** Footage that is looked at in one job: whole files of one camera, one after the other, or a part of one. Times in ms of footage time. */
export type Segment = {
  /** Names the work by what is looked at: content, stream and interval of each file, never paths. */
  key: string;
  cameraId: string;
  fileIds: number[];
  startMs: number;
  endMs: number;
  /** Only this part of the one file; `contentSha256` says of what it is a part. */
  part?: FilePart & { contentSha256: string };
};

export type SegmentLimits = { segmentMs: number; maxFiles: number };

/** Five minutes of footage: a job that is lost costs less than a minute, and its bookkeeping less than a hundredth of it. */
export const SEGMENT_LIMITS: SegmentLimits = { segmentMs: 5 * 60_000, maxFiles: 64 };

/**
 * Cuts files, in the order of camera and time, into segments. A file that is longer is cut into parts, each a segment; one that cannot be
 * (see `cutFile`) is a segment by itself. `how` the files are looked at decides where they can be cut.
 */
export async function* cutSegments(
  files: AsyncIterable<SegmentFile>,
  how: CutOptions,
  limits: SegmentLimits = SEGMENT_LIMITS,
): AsyncGenerator<Segment> {
  let open: SegmentFile[] = [];
  for await (const file of files) {
    const parts = toParts(file, how);
    if (open.length > 0 && (parts.length > 0 || !fits(open, file, limits))) {
      yield segmentOfFiles(open);
      open = [];
    }
    yield* parts;
    if (parts.length === 0) open.push(file);
  }
  if (open.length > 0) yield segmentOfFiles(open);
}

function fits(open: readonly SegmentFile[], file: SegmentFile, { segmentMs, maxFiles }: SegmentLimits): boolean {
  const [first] = open;
  if (first === undefined || open.length >= maxFiles) return false;
  if (first.camera_id !== file.camera_id || first.media_type !== file.media_type) return false;
  const lengthMs = [...open, file].reduce((sum, { duration_ms }) => sum + (duration_ms ?? 0), 0);
  return lengthMs <= segmentMs;
}

/** The parts of one file; none where it is looked at as a whole. */
function toParts(file: SegmentFile, how: CutOptions): Segment[] {
  const { content_sha256: contentSha256, path, media_type: mediaType, duration_ms: durationMs } = file;
  if (contentSha256 === null) return [];
  return cutFile({ path, mediaType, durationMs }, how).map((part) => ({
    key: keyOf([[contentSha256, 0, part.fromMs, part.untilMs]]),
    cameraId: file.camera_id,
    fileIds: [file.id],
    startMs: startOf(file) + part.fromMs,
    endMs: startOf(file) + part.untilMs,
    part: { ...part, contentSha256 },
  }));
}

/** These files as a whole; also a file whose parts are all there, which is then put together. */
export function segmentOfFiles(files: readonly Omit<SegmentFile, 'path' | 'media_type'>[]): Segment {
  const [first] = files;
  const starts = files.map(startOf);
  const ends = files.map((file) => file.ended_at?.getTime() ?? startOf(file));
  const parts = files.map(({ content_sha256, duration_ms }) => [content_sha256, 0, 0, duration_ms ?? 0]);
  return {
    key: keyOf(parts),
    cameraId: first?.camera_id ?? '',
    fileIds: files.map(({ id }) => id),
    startMs: Math.min(...starts),
    endMs: Math.max(...ends),
  };
}

/** Of content, stream (always the first), begin and end. */
function keyOf(intervals: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(intervals)).digest('hex');
}

function startOf({ captured_at }: Pick<SegmentFile, 'captured_at'>): number {
  return captured_at?.getTime() ?? 0;
}
