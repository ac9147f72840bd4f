import type { MediaFileRow } from '../../../db/models/media-files.ts';
import { present } from '../../../lib/present.ts';
import type { FoundFile } from '../../../media/discover/discovered.ts';
import type { FileIdentity } from './identify-file.ts';
import type { PlacedFile } from './place-file.ts';
import type { SeenFile, SeenState } from './scan-context.ts';

/** A file that the ledger knows. */
export function seenRow(state: SeenState, file: FoundFile, row: MediaFileRow): SeenFile {
  const { camera_id: camera, media_type: mediaType, captured_at: capturedAt, duration_ms: durationMs, codec, width, height } = row;
  const { frame_rate: frameRate, container_frames: containerFrames } = row;
  const known = present({ startMs: capturedAt?.getTime(), durationMs, codec, width, height, frameRate, containerFrames });
  return { ...whereOf(state, file), mediaType, camera, ...known };
}

/** A file that was read and has a place in footage time. */
export function seenPlaced(state: SeenState, { file, identity, camera, time }: PlacedFile): SeenFile {
  return { ...seenUnusable(state, { file, identity, camera }), startMs: time.startMs };
}

type Unusable = { file: FoundFile; identity: FileIdentity | undefined; camera: { id: string } };

/** A file of which no more is known than its camera, and what its header says. */
export function seenUnusable(state: SeenState, { file, identity, camera }: Unusable): SeenFile {
  const { mediaType = file.mediaType, durationMs, codec, width, height, frameRate, containerFrames } = identity ?? {};
  return {
    ...whereOf(state, file),
    mediaType,
    camera: camera.id,
    ...present({ durationMs, codec, width, height, frameRate, containerFrames }),
  };
}

function whereOf(state: SeenState, { path, root, sizeBytes }: FoundFile) {
  return { state, path, root, sizeBytes };
}
