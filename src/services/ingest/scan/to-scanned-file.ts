import type { ScannedFile } from '../../../db/models/media-files.ts';
import { nullIfMissing } from '../../../lib/present.ts';
import type { FoundFile } from '../../../media/discover/discovered.ts';
import type { MediaError } from '../../../media/media-error.ts';
import type { CameraFacts } from './camera-book.ts';
import type { FileIdentity } from './identify-file.ts';
import type { PlacedFile } from './place-file.ts';

/** Codes that another try may get rid of (§2.6). */
const TRY_AGAIN = new Set(['unreadable', 'timeout']);
const MAX_ATTEMPTS = 3;

/** A file that waits to be analysed. */
export function toPending({ file, identity, camera, time }: PlacedFile, runId: string): ScannedFile {
  return {
    ...factsOf(file, identity),
    camera_id: camera.id,
    run_id: runId,
    status: 'pending',
    failure_code: null,
    failure_message: null,
    next_retry_at: null,
    captured_at: new Date(time.startMs),
    captured_at_source: time.source,
    ended_at: new Date(time.endMs),
    time_ambiguous: time.ambiguous || time.sourcesDisagree,
    time_zone: time.zone,
    time_confidence: time.confidence,
    time_warnings: [...identity.warnings, ...time.warnings],
  };
}

type UnusableFile = {
  file: FoundFile;
  identity: FileIdentity | undefined;
  camera: CameraFacts;
  error: MediaError;
  runId: string;
  /** How often it was tried before. */
  attempts: number;
};

/** A file that can not be analysed, with the reason. */
export function toUnusable({
  file,
  identity,
  camera,
  error,
  runId,
  attempts,
}: UnusableFile): ScannedFile & { status: 'empty' | 'skipped' | 'failed' } {
  return {
    ...factsOf(file, identity),
    camera_id: camera.id,
    run_id: runId,
    status: statusOf(error.code),
    failure_code: error.code,
    failure_message: error.message,
    ...(TRY_AGAIN.has(error.code) ? tryAgain(attempts + 1) : { next_retry_at: null }),
  };
}

function tryAgain(attempts: number): Pick<ScannedFile, 'attempts' | 'next_retry_at'> {
  return { attempts, next_retry_at: attempts < MAX_ATTEMPTS ? new Date() : null };
}

function statusOf(code: string): 'empty' | 'skipped' | 'failed' {
  if (code === 'zero_bytes') return 'empty';
  return code === 'still_growing' || code === 'unsupported_container' ? 'skipped' : 'failed';
}

function factsOf(file: FoundFile, identity: FileIdentity | undefined) {
  const { width, height, codec, durationMs, frameRate, containerFrames, sha256, mediaType = file.mediaType } = identity ?? {};
  return {
    path: file.path,
    size_bytes: file.sizeBytes,
    modified_at: new Date(Math.floor(file.modifiedAtMs)),
    media_type: mediaType,
    ...nullIfMissing({
      object_etag: file.etag,
      content_sha256: sha256,
      width,
      height,
      codec: codec?.slice(0, 50),
      duration_ms: durationMs,
      frame_rate: frameRate,
      container_frames: containerFrames,
    }),
  };
}
