import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { clearDataTables } from '../../../src/db/models/clear-data.ts';
import { endExperiment, findExperiment, findRunningExperiment, insertExperiment } from '../../../src/db/models/experiments.ts';
import { insertLlmInteraction, listJudgedEventIds, listJudgedFacts, listLlmInteractions } from '../../../src/db/models/llm-interactions.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedEvent, seedRun } from '../answers/seed.ts';

let own: TestDatabase;
let knex: Knex;
let eventId: number;

beforeAll(async () => {
  own = await createTestDatabase();
  knex = own.knex;
  await seedRun(knex);
  await seedCamera(knex, 'gate');
  eventId = await seedEvent(knex, { camera: 'gate', members: [], at: '2026-01-16T10:00:00Z' });
});

afterAll(async () => {
  await own.drop();
});

const EXPERIMENT = { name: 'p', control_version: 1, treatment_version: 2, split: 0.5, mode: 'ab', created_by: 'ann' } as const;

function interaction(more: object = {}): Parameters<typeof insertLlmInteraction>[1] {
  return {
    event_id: eventId,
    run_id: null,
    model_id: 'm',
    prompt_version: 0,
    request: { messages: [] },
    raw_response: '{}',
    enrichment_snapshot: { a: 1 },
    household_matches: null,
    truncation_log: [],
    context_sources: ['event'],
    validation_result: { code: null },
    latency_ms: 1.5,
    prompt_tokens: 1,
    completion_tokens: null,
    experiment_id: null,
    arm: null,
    ...more,
  };
}

describe('questions to a language model', () => {
  test('are kept as they were, the latest first, whatever a model wrote', async () => {
    await insertLlmInteraction(knex, interaction());
    await insertLlmInteraction(knex, interaction({ raw_response: 'a\0b \ud800 \\u0000', enrichment_snapshot: { text: 'x\0\udc00' } }));
    const [last, first] = await listLlmInteractions(knex, eventId);
    expect(first).toMatchObject(interaction());
    expect(last).toMatchObject({ raw_response: 'ab \ufffd \\u0000', enrichment_snapshot: { text: 'x\ufffd' } });
    expect(await listJudgedEventIds(knex, 5)).toEqual([eventId]);
    expect(await listJudgedFacts(knex, [eventId, 999])).toMatchObject([{ event_id: eventId, enrichment_snapshot: { text: 'x\ufffd' } }]);
  });

  test.each([
    [{ event_id: 999 }, 'fk_llm_interactions_event_id'],
    [{ run_id: '0192f0c0-0000-7000-8000-0000000000ff' }, 'fk_llm_interactions_run_id'],
    [{ experiment_id: 999 }, 'fk_llm_interactions_experiment_id'],
    [{ prompt_version: -1 }, 'ck_llm_interactions_prompt_version'],
    [{ request: [] }, 'ck_llm_interactions_request'],
    [{ enrichment_snapshot: [] }, 'ck_llm_interactions_snapshot'],
    [{ household_matches: {} }, 'ck_llm_interactions_lists'],
    [{ truncation_log: {} }, 'ck_llm_interactions_lists'],
    [{ context_sources: {} }, 'ck_llm_interactions_lists'],
    [{ validation_result: [] }, 'ck_llm_interactions_validation'],
    [{ latency_ms: -1 }, 'ck_llm_interactions_latency'],
    [{ latency_ms: Number.POSITIVE_INFINITY }, 'ck_llm_interactions_latency'],
    [{ prompt_tokens: -1 }, 'ck_llm_interactions_tokens'],
    [{ completion_tokens: -1 }, 'ck_llm_interactions_tokens'],
    [{ arm: 'both' }, 'ck_llm_interactions_arm'],
  ])('with %j are refused', async (columns, constraint) => {
    await expect(insertLlmInteraction(knex, interaction(columns))).rejects.toMatchObject({ constraint });
  });
});

describe('experiments', () => {
  test.each([
    [{ control_version: -1 }, 'ck_experiments_versions'],
    [{ treatment_version: 1 }, 'ck_experiments_versions'],
    [{ split: 0 }, 'ck_experiments_split'],
    [{ split: 1.01 }, 'ck_experiments_split'],
    [{ mode: 'both' }, 'ck_experiments_mode'],
    [{ ended_at: new Date(0) }, 'ck_experiments_time_order'],
  ])('with %j are refused', async (columns, constraint) => {
    await expect(knex('experiments').insert({ ...EXPERIMENT, ...columns })).rejects.toMatchObject({ constraint });
  });

  test('run one at a time, and end once', async () => {
    expect(await findRunningExperiment(knex)).toBeUndefined();
    const { id } = await knex.transaction((trx) => insertExperiment(trx, EXPERIMENT));
    await expect(knex('experiments').insert({ ...EXPERIMENT, name: 'q' })).rejects.toMatchObject({ constraint: 'uq_experiments_running' });
    await insertLlmInteraction(knex, interaction({ experiment_id: id, arm: 'control' }));
    expect(await knex.transaction((trx) => endExperiment(trx, id))).toMatchObject({ name: 'p', ended_at: expect.any(Date) });
    expect(await knex.transaction((trx) => endExperiment(trx, id))).toBeUndefined();
    await expect(knex('experiments').insert(EXPERIMENT)).rejects.toMatchObject({ constraint: 'uq_experiments_name' });
    await knex('experiments').where({ id }).delete();
    expect((await listLlmInteractions(knex, eventId))[0]).toMatchObject({ experiment_id: null, arm: 'control' });
  });

  test('stay when the data is cleared; questions go with their events', async () => {
    await knex('experiments').insert(EXPERIMENT);
    await knex.transaction((trx) => clearDataTables(trx));
    expect(await findExperiment(knex, 'p')).toBeDefined();
    expect(await knex('llm_interactions')).toEqual([]);
  });
});
