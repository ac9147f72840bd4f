import type { MediaFileRow } from '../../../db/models/media-files.ts';
import type { ScanContext } from './scan-context.ts';

type TallyContext = Pick<ScanContext, 'tally' | 'modelFingerprint'>;

/** A file that this run will analyse; its duration in ms where it is known. */
export function noteTaken({ tally }: TallyContext, durationMs: number | null | undefined): void {
  tally.taken += 1;
  tally.takenFootageMs += durationMs ?? 0;
}

/** A file that needs nothing. */
export function noteKnown({ tally, modelFingerprint }: TallyContext, row: MediaFileRow): void {
  tally.known += 1;
  if (row.status === 'failed' || row.status === 'partial' || row.status === 'empty') tally.knownDamaged += 1;
  const analysed = row.status === 'done' || row.status === 'partial';
  if (analysed && row.model_fingerprint !== modelFingerprint) tally.otherSettings += 1;
}

export function limitReached({ request, tally }: ScanContext): boolean {
  return request.limit !== undefined && tally.taken >= request.limit;
}
