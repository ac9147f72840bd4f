import type { MediaFileRow } from '../../../db/models/media-files.ts';

/** A file whose bytes and time are known, as far as the decision needs it. */
export type IdentifiedFile = { path: string; cameraId: string; sha256: string; startMs: number };

export type KnownRows = {
  /** The row that stands for the path now, if any. */
  atPath: MediaFileRow | undefined;
  /** Rows with the same bytes, of any camera. */
  sameBytes: readonly MediaFileRow[];
  /** Whether a stored path still exists on disk. */
  exists: (path: string) => boolean;
  /** Whether the file begins with all bytes of the row at its path. */
  grewFromRow: boolean;
};

export type FileDecision =
  | { kind: 'new' }
  /** Fills in or replaces a row of the same path: an unhashed one, or shorter content that has grown. */
  | { kind: 'refresh'; rowId: number; because: 'first-read' | 'grew' }
  /** Known content at its known place; only the file system's stamp moved, or earlier work was not finished. */
  | { kind: 'known'; row: MediaFileRow }
  | { kind: 'moved'; row: MediaFileRow }
  | { kind: 'copy'; row: MediaFileRow }
  | { kind: 'duplicate'; code: 'duplicate_other_camera' | 'same_bytes_other_time'; of: MediaFileRow }
  /** Other content than the one known at this path. */
  | { kind: 'replaces' };

const SAME_TIME_MS = 2_000;

/** Identity is content: decides what a file means for the ledger (§2.2). Pure. */
export function decideFile(file: IdentifiedFile, known: KnownRows): FileDecision {
  const original = known.sameBytes.find((row) => row.camera_id === file.cameraId);
  if (original !== undefined) return decideSameCamera(file, { ...known, original });
  // Under whatever camera it was taken in: a path is never a duplicate of itself.
  const here = known.sameBytes.find((row) => row.path === file.path && row.failure_code !== 'duplicate_other_camera');
  if (here !== undefined) return { kind: 'known', row: here };
  const elsewhere = known.sameBytes.find((row) => row.failure_code !== 'duplicate_other_camera');
  if (elsewhere !== undefined) return { kind: 'duplicate', code: 'duplicate_other_camera', of: elsewhere };
  const { atPath } = known;
  if (atPath?.camera_id !== file.cameraId) return { kind: 'new' };
  if (atPath.content_sha256 === null) return { kind: 'refresh', rowId: atPath.id, because: 'first-read' };
  if (known.grewFromRow) return { kind: 'refresh', rowId: atPath.id, because: 'grew' };
  return { kind: 'replaces' };
}

function decideSameCamera(file: IdentifiedFile, known: KnownRows & { original: MediaFileRow }): FileDecision {
  const { original, exists } = known;
  if (original.path === file.path) return { kind: 'known', row: original };
  if (!exists(original.path)) return { kind: 'moved', row: original };
  const knownStartMs = original.captured_at?.getTime();
  if (knownStartMs !== undefined && Math.abs(knownStartMs - file.startMs) > SAME_TIME_MS) {
    return { kind: 'duplicate', code: 'same_bytes_other_time', of: original };
  }
  return { kind: 'copy', row: original };
}
