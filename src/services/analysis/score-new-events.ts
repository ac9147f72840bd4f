import type { Knex } from 'knex';

import { findEventsToAnalyse, type EventToAnalyse } from '../../db/models/event-scores.ts';
import type { Severity } from '../../domain/enums.ts';
import { scorePage } from './score-page.ts';
import { openScoring, type ScoringOptions } from './scoring.ts';

/** So many at once: their facts stay in memory together. */
export const EVENTS_AT_ONCE = 500;

export type LevelCounts = Record<Severity, number>;

type ScoreOptions = ScoringOptions & { signal: AbortSignal; onProgress?: (scored: number) => void };

/** Scores by rules what was never scored and what something has changed for, in the order of footage. Returns how many of each level. */
export async function scoreNewEvents(knex: Knex, { signal, onProgress, ...options }: ScoreOptions): Promise<LevelCounts> {
  const scoring = await openScoring(knex, options);
  const counts = noLevels();
  const filter = { state: 'pending', rulesFingerprint: scoring.fingerprint } as const;
  for (let after: EventToAnalyse | undefined; !signal.aborted;) {
    const events = await findEventsToAnalyse(knex, { filter, after, limit: EVENTS_AT_ONCE });
    after = events.at(-1);
    if (after === undefined) break;
    const scored = await knex.transaction((trx) => scorePage(trx, events, { scoring, waitsForModel: false }));
    countLevels(
      counts,
      scored.map((one) => one.after.level),
    );
    onProgress?.(Object.values(counts).reduce((sum, count) => sum + count, 0));
  }
  return counts;
}

export function noLevels(): LevelCounts {
  return { low: 0, medium: 0, high: 0, critical: 0 };
}

export function countLevels(counts: LevelCounts, levels: readonly (Severity | null)[]): void {
  for (const level of levels) if (level !== null) counts[level] += 1;
}
