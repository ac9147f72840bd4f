import type { Knex } from 'knex';

import { findFilesBetween, updateScannedFile } from '../../../db/models/media-files.ts';
import { resolveFold, type FoldFile } from '../../../domain/time/resolve-fold.ts';
import type { ScanContext } from './scan-context.ts';

const NEIGHBOURHOOD_MS = 3 * 3_600_000;

export type FoldCase = { cameraId: string; path: string; durationMs: number; candidates: readonly [number, number] };

/** Keeps files whose local time occurs twice until all files are listed, then lets their neighbours decide (§1.4). */
export function createFoldDesk({ knex, request }: Pick<ScanContext, 'knex' | 'request'>) {
  const cases = new Map<string, FoldCase[]>();
  return {
    add(one: FoldCase): void {
      cases.set(one.cameraId, [...(cases.get(one.cameraId) ?? []), one]);
    },
    async settle(): Promise<void> {
      if (request.dryRun) return;
      for (const [cameraId, open] of cases) await settleCamera(knex, cameraId, open);
      cases.clear();
    },
  };
}

export type FoldDesk = ReturnType<typeof createFoldDesk>;

async function settleCamera(knex: Knex, cameraId: string, open: readonly FoldCase[]): Promise<void> {
  const first = open.reduce((earliest, one) => Math.min(earliest, one.candidates[0]), Infinity);
  const last = open.reduce((latest, one) => Math.max(latest, one.candidates[1] + one.durationMs), -Infinity);
  const rows = await findFilesBetween(knex, {
    cameraId,
    from: new Date(first - NEIGHBOURHOOD_MS),
    until: new Date(last + NEIGHBOURHOOD_MS),
  });
  const openByPath = new Map(open.map((one) => [one.path, one]));
  const files = rows.flatMap((row): FoldFile[] => {
    if (row.captured_at === null) return [];
    const durationMs = row.duration_ms ?? 0;
    const candidates = openByPath.get(row.path)?.candidates;
    // What an earlier run left undecided is no evidence.
    if (candidates === undefined && row.time_ambiguous) return [];
    const key = String(row.id);
    return [candidates === undefined ? { key, durationMs, startMs: row.captured_at.getTime() } : { key, durationMs, candidates }];
  });
  const durationOf = new Map(files.map((file) => [file.key, file.durationMs]));
  for (const [key, { startMs, ambiguous }] of resolveFold(files)) {
    const durationMs = durationOf.get(key) ?? 0;
    await updateScannedFile(knex, Number(key), {
      captured_at: new Date(startMs),
      ended_at: new Date(startMs + durationMs),
      time_ambiguous: ambiguous,
    });
  }
}
