import type { Knex } from 'knex';

import { findUnevaluatedEvents } from '../../db/queries/event-audits.ts';
import { findMissingEventIds } from '../../db/queries/events.ts';
import { UnavailableError } from '../../errors/hs-error.ts';
import { EVALUATION_MODES, type EvaluationMode } from '../../domain/event-audit.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { noSuchEvent } from '../events/review-event.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';
import { evaluateEvent, type EvaluateEventOptions, type ModeOutcome } from './evaluate-event.ts';

/** What `--mode` takes. */
export const EVALUATE_MODES = [...EVALUATION_MODES, 'all'] as const;

export type EvaluateOptions = Omit<EvaluateEventOptions, 'modes'> & {
  /** None: scored events of the scope that were never evaluated, the newest first. */
  ids: readonly number[];
  scope: ListScope;
  /** Most of those; 0: all. */
  limit: number;
  mode: EvaluationMode | 'all';
  zones: ZoneSettings;
};

/** So many questions in a row without a sign of the server end the evaluation. */
const DOWN_LIMIT = 5;

/** Event after event, mode after mode. Wrong ids, cameras and times are usage errors, told before the first of them. */
export async function evaluateEvents(knex: Knex, options: EvaluateOptions): Promise<AsyncIterable<ModeOutcome>> {
  const { mode, tools, limit } = options;
  if (mode !== 'all' && mode !== 'consistency' && tools.chat === undefined) {
    throw new UnavailableError('llm_not_configured', `${mode} needs a language model, and none is set up`, {
      hint: '--mode consistency asks the rules again',
    });
  }
  const ids = [...new Set(options.ids)];
  const missing = await findMissingEventIds(knex, ids);
  if (missing.length > 0) throw noSuchEvent(missing);
  const scope = await resolveScope(knex, options.scope, options.zones);
  const chosen = ids.length > 0 ? ids : await findUnevaluatedEvents(knex, scope, limit);
  return outcomesOf(knex, chosen, { ...options, modes: mode === 'all' ? EVALUATION_MODES : [mode] });
}

async function* outcomesOf(knex: Knex, ids: readonly number[], options: EvaluateEventOptions): AsyncGenerator<ModeOutcome> {
  let down = 0;
  for (const id of ids) {
    options.signal.throwIfAborted();
    for (const outcome of await evaluateEvent(knex, id, options)) {
      if (outcome.isDown) down += 1;
      else if (outcome.outcome === 'done') down = 0;
      yield outcome;
    }
    if (down >= DOWN_LIMIT) return;
  }
}
