import type { MediaFileRow } from '../../../db/models/media-files.ts';
import type { FoundFile } from '../../../media/discover/discovered.ts';
import { GIVEN_CODES } from '../../../domain/given/given-code.ts';
import type { RedoChoice } from '../ingest-options.ts';

export type Glance =
  /** Never seen, or changed, or a verdict that may change: open it. */
  | { kind: 'read' }
  | { kind: 'known'; row: MediaFileRow }
  /** Known by content, work still to be done. */
  | { kind: 'take-over'; row: MediaFileRow }
  /** Another run is at it. */
  | { kind: 'busy'; row: MediaFileRow };

/** Verdicts that depend on the configuration or on the moment, not on the bytes. */
const ALWAYS_READ = new Set(['still_growing', 'time_unknown', 'camera_unknown', 'camera_conflict', 'unreadable']);

/** `placeAnew`: camera or time may come out differently now, so work that is still to be done is placed again first. */
export type GlanceOptions = WorkWanted & { verifyHash: boolean; placeAnew: boolean };

/** What path, size and time stamp alone tell about a listed file (§2.2 fast path). Pure. */
export function glance(file: FoundFile, row: MediaFileRow | undefined, options: GlanceOptions): Glance {
  if (row === undefined || options.verifyHash || !isUnchanged(file, row)) return { kind: 'read' };
  if (row.status === 'processing') return { kind: 'busy', row };
  if (!needsWork(row, options)) return { kind: 'known', row };
  const isPlaced = row.content_sha256 !== null && row.captured_at !== null;
  return isPlaced && !options.placeAnew ? { kind: 'take-over', row } : { kind: 'read' };
}

function isUnchanged(file: FoundFile, row: MediaFileRow): boolean {
  const isSameTime = row.modified_at.getTime() === Math.floor(file.modifiedAtMs);
  const isSame = row.size_bytes === file.sizeBytes && isSameTime && row.object_etag === (file.etag ?? null);
  return isSame && row.original_removed_at === null && !ALWAYS_READ.has(row.failure_code ?? '');
}

/** `modelFingerprint`: of what files are analysed with now. */
type WorkWanted = { redo?: RedoChoice | undefined; modelFingerprint: string };

/** Whether a row waits for processing, by its own state, because its content is back, or by the user's wish. */
export function needsWork(row: MediaFileRow, { redo, modelFingerprint }: WorkWanted): boolean {
  if (row.status === 'pending' || row.next_retry_at !== null || mayChange(row, modelFingerprint)) return true;
  if (redo === 'all') return row.status === 'done' || row.status === 'partial' || row.status === 'failed';
  return redo !== undefined && row.status === redo;
}

/** The content is back, or what said nothing of the file is not what is asked now. */
function mayChange({ failure_code: code, model_fingerprint: fingerprint }: MediaFileRow, modelFingerprint: string): boolean {
  return code === 'superseded' || (code !== null && GIVEN_CODES.has(code) && fingerprint !== modelFingerprint);
}
