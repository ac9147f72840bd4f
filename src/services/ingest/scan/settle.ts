import { stat } from 'node:fs/promises';

import { isObjectUri } from '../../../domain/object-uri.ts';
import { sleep } from '../../../lib/sleep.ts';
import type { FoundFile } from '../../../media/discover/discovered.ts';
import type { ScanContext } from './scan-context.ts';

const SECOND_LOOK_MS = 2_000;

/**
 * Files that are still being written: only the youngest are looked at, twice, together, two seconds apart (§2.3). A time
 * stamp in the future counts as old: clocks differ.
 */
export async function stillGrowing(
  files: readonly FoundFile[],
  { settings, signal }: Pick<ScanContext, 'settings' | 'signal'>,
): Promise<Set<FoundFile>> {
  const settleMs = settings.ingest.settleS * 1000;
  // Of this moment: in a long run files are younger than the run itself.
  const nowMs = Date.now();
  const young = files.filter((file) => {
    // An object is there as a whole or not at all.
    if (isObjectUri(file.path)) return false;
    const ageMs = nowMs - file.modifiedAtMs;
    return ageMs >= 0 && ageMs < settleMs;
  });
  if (young.length === 0) return new Set();
  await sleep(SECOND_LOOK_MS, signal);
  const growing = new Set<FoundFile>();
  for (const file of young) {
    const now = await stat(file.path).catch(() => undefined);
    const isSame = now?.size === file.sizeBytes && Math.floor(now.mtimeMs) === Math.floor(file.modifiedAtMs);
    if (!isSame) growing.add(file);
  }
  return growing;
}
