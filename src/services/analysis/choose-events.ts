import type { Knex } from 'knex';

import { countEventsToAnalyse, findEventsByUrgency, findEventsToAnalyse, type EventToAnalyse } from '../../db/models/event-scores.ts';
import type { AnalysisFilter, AnalysisState } from '../../db/models/event-scores.ts';
import { findMissingEventIds } from '../../db/queries/events.ts';
import { noSuchEvent } from '../events/review-event.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';
import type { ScoringSettings } from './scoring.ts';

export type EventChoice = {
  /** None: every event of the scope in that state. */
  ids: readonly number[];
  state: AnalysisState;
  scope: ListScope;
};

export type ChooseOptions = { choice: EventChoice; settings: ScoringSettings } & Pick<
  AnalysisFilter,
  'rulesFingerprint' | 'promptVersions'
>;

/** Events that are named are judged whatever their state. Throws a usage error for one that does not exist. */
export async function toAnalysisFilter(knex: Knex, { choice, settings, ...current }: ChooseOptions): Promise<AnalysisFilter> {
  const { ids, state, scope } = choice;
  const missing = ids.length === 0 ? [] : await findMissingEventIds(knex, ids);
  if (missing.length > 0) throw noSuchEvent(missing);
  const resolved = await resolveScope(knex, scope, settings);
  return ids.length === 0 ? { state, ...current, ...resolved } : { state: 'all', ...current, ids, ...resolved };
}

/** What is to be judged, and whether more waits than that. */
export type ChosenEvents = { filter: AnalysisFilter; total: number; isCut: boolean };

/** At most so many events, the most urgent ones (§6.2). */
export async function chooseEvents(knex: Knex, filter: AnalysisFilter, maxEvents: number | undefined): Promise<ChosenEvents> {
  const total = await countEventsToAnalyse(knex, filter);
  if (maxEvents === undefined || total <= maxEvents) return { filter, total, isCut: false };
  const urgent = await findEventsByUrgency(knex, { filter, limit: maxEvents });
  return { filter: { ...filter, ids: urgent.map(({ id }) => id) }, total: maxEvents, isCut: true };
}

type PageOf = typeof findEventsToAnalyse;

/** Pages of events in the order of footage, or of urgency. */
export async function* pagesOfEvents(
  knex: Knex,
  { filter, limit, find = findEventsToAnalyse }: { filter: AnalysisFilter; limit: number; find?: PageOf },
): AsyncGenerator<EventToAnalyse[]> {
  for (let after: EventToAnalyse | undefined; ;) {
    const events = await find(knex, { filter, after, limit });
    after = events.at(-1);
    if (after === undefined) return;
    yield events;
  }
}
