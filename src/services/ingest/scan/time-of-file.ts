import { captureTime, type CaptureTime, type CaptureTimeFailure } from '../../../domain/time/capture-time.ts';
import type { FlagTime } from '../../../domain/time/flag-time.ts';
import type { FoundFile } from '../../../media/discover/discovered.ts';
import type { CameraFacts } from './camera-book.ts';
import type { FileIdentity } from './identify-file.ts';

export type TimeLimits = { nowMs: number; floorMs: number; maxFutureMs: number; disagreeMs: number };

type TimeOfFileInput = {
  file: FoundFile;
  /** What layouts are matched with. */
  relativePath: string;
  identity: FileIdentity;
  camera: CameraFacts;
  flag: FlagTime | undefined;
  limits: TimeLimits;
};

/** Footage time of a file from all its sources (§1). */
export function timeOfFile(input: TimeOfFileInput): CaptureTime | CaptureTimeFailure {
  const { file, relativePath, identity, camera, flag, limits } = input;
  return captureTime({
    relativePath,
    mediaType: identity.mediaType,
    modifiedAtMs: file.modifiedAtMs,
    durationMs: identity.durationMs,
    embedded: identity.embedded,
    flag,
    zone: camera.zone,
    clockOffsetS: camera.clockOffsetS,
    containerTime: camera.containerTime,
    templates: camera.templates,
    ...limits,
  });
}
