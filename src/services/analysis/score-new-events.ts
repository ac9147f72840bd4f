import type { Knex } from 'knex';

import type { EventToAnalyse } from '../../db/models/event-scores.ts';
import type { Severity } from '../../domain/enums.ts';
import { mapConcurrently } from '../../lib/map-concurrently.ts';
import { pagesOfEvents } from './choose-events.ts';
import { scorePage } from './score-page.ts';
import { openScoring, type ScoringOptions } from './scoring.ts';

/** So many at once: their facts stay in memory together. */
export const EVENTS_AT_ONCE = 500;
/** One is scored while the database stores the other. */
export const PAGES_AT_ONCE = 2;

export type LevelCounts = Record<Severity, number>;

/** `waitsForModel`: the rules are not the last word, `hs analyze` will ask a language model. */
type ScoreOptions = ScoringOptions & { signal: AbortSignal; waitsForModel?: boolean };

/** Scores by rules what was never scored and what something has changed for, in the order of footage. Returns how many of each level. */
export async function scoreNewEvents(knex: Knex, { signal, waitsForModel = false, ...options }: ScoreOptions): Promise<LevelCounts> {
  const scoring = await openScoring(knex, options);
  const counts = noLevels();
  // Those that wait for the model only would be scored anew by every run.
  const filter = { state: waitsForModel ? 'unscored' : 'pending', rulesFingerprint: scoring.fingerprint } as const;
  const pages = pagesOfEvents(knex, { filter, limit: EVENTS_AT_ONCE });
  const score = (events: EventToAnalyse[]) => knex.transaction((trx) => scorePage(trx, events, { scoring, waitsForModel }));
  for await (const scored of mapConcurrently(pages, score, { concurrency: PAGES_AT_ONCE, signal })) {
    countLevels(
      counts,
      scored.map((one) => one.after.level),
    );
  }
  return counts;
}

export function noLevels(): LevelCounts {
  return { low: 0, medium: 0, high: 0, critical: 0 };
}

export function countLevels(counts: LevelCounts, levels: readonly (Severity | null)[]): void {
  for (const level of levels) if (level !== null) counts[level] += 1;
}
