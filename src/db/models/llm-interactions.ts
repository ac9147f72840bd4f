import type { Knex } from 'knex';

import type { ExperimentArm } from '../../domain/enums.ts';
import { storableJson } from '../../lib/storable-json.ts';

/** One row of `llm_interactions`, as stored. Insert-only. */
export type LlmInteractionRow = {
  id: number;
  event_id: number;
  run_id: string | null;
  /** As the server names it. */
  model_id: string;
  /** 0: the text that comes with hs. */
  prompt_version: number;
  request: Record<string, unknown>;
  raw_response: string | null;
  enrichment_snapshot: Record<string, unknown>;
  household_matches: unknown[] | null;
  truncation_log: unknown[] | null;
  context_sources: unknown[] | null;
  validation_result: Record<string, unknown>;
  latency_ms: number | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  created_at: Date;
  experiment_id: number | null;
  arm: ExperimentArm | null;
};

export type NewLlmInteraction = Omit<LlmInteractionRow, 'id' | 'created_at'>;

/** Pass the transaction that stores what became of the event. */
export async function insertLlmInteraction(trx: Knex, interaction: NewLlmInteraction): Promise<void> {
  const json = (value: unknown): string | null => (value === null ? null : storableJson(value));
  await trx('llm_interactions').insert({
    ...interaction,
    // PostgreSQL's text holds no NUL, and the driver cannot encode halves of pairs.
    raw_response: interaction.raw_response?.replaceAll('\0', '').replace(/\p{Cs}/gu, '\ufffd') ?? null,
    request: json(interaction.request),
    enrichment_snapshot: json(interaction.enrichment_snapshot),
    household_matches: json(interaction.household_matches),
    truncation_log: json(interaction.truncation_log),
    context_sources: json(interaction.context_sources),
    validation_result: json(interaction.validation_result),
  });
}

/** Of one event, the latest first. */
export async function listLlmInteractions(knex: Knex, eventId: number): Promise<LlmInteractionRow[]> {
  return knex<LlmInteractionRow>('llm_interactions')
    .where({ event_id: eventId })
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ]);
}

export type JudgedFacts = Pick<LlmInteractionRow, 'event_id' | 'enrichment_snapshot' | 'validation_result'>;

/** What these events were last judged by; by id. Events that no model was asked about are left out. */
export async function listJudgedFacts(knex: Knex, eventIds: readonly number[]): Promise<JudgedFacts[]> {
  return knex('llm_interactions')
    .distinctOn('event_id')
    .whereIn('event_id', [...eventIds])
    .orderBy([
      { column: 'event_id', order: 'asc' },
      { column: 'id', order: 'desc' },
    ])
    .select<JudgedFacts[]>('event_id', 'enrichment_snapshot', 'validation_result');
}

/** Ids of the events that a model was asked about, the latest asked first. */
export async function listJudgedEventIds(knex: Knex, limit: number): Promise<number[]> {
  const rows = await knex('llm_interactions')
    .groupBy('event_id')
    .orderByRaw('max(id) DESC')
    .limit(limit)
    .select<{ event_id: number }[]>('event_id');
  return rows.map(({ event_id: id }) => id);
}
