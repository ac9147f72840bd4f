import type { Knex } from 'knex';

import { listJudgedFacts } from '../../db/models/llm-interactions.ts';
import type { EventFacts } from '../../domain/risk/event-facts.ts';
import type { RuleJudgement } from '../llm/verdict.ts';

/** What an event is judged by, and what the rules made of it. */
export type RuledFacts = { facts: EventFacts; rule: RuleJudgement };

export type LoadFacts = (knex: Knex, eventIds: readonly number[]) => Promise<RuledFacts[]>;

/** Facts as they were when a model was last asked; events that none was asked about have none. */
export const loadStoredFacts: LoadFacts = async (knex, eventIds) => {
  const rows = await listJudgedFacts(knex, eventIds);
  return rows.map(({ enrichment_snapshot: facts, validation_result: { rule } }) => ({
    facts: facts as EventFacts,
    rule: rule as RuleJudgement,
  }));
};
