import type { Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { insertExperimentResult, listExperimentResults } from '../../../src/db/models/experiment-results.ts';
import { findPromptConfig, listPromptConfigs } from '../../../src/db/models/prompt-configs.ts';
import { findActivePromptVersion, findPromptVersion, listPromptVersions } from '../../../src/db/models/prompt-versions.ts';
import { rollBackPrompt, savePrompt, type PromptChange, type SavedPrompt } from '../../../src/db/models/save-prompt.ts';
import { AI_MODELS, PROMPT_CONFIG_MODELS } from '../../../src/domain/enums.ts';
import { versionConfig, type PromptContent } from '../../../src/domain/prompt-version.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedEvent } from '../answers/seed.ts';

const A: PromptContent = { system_prompt: 'A', temperature: 0, max_tokens: 1000 };
const B: PromptContent = { ...A, system_prompt: 'B', queries: ['who?', 'what?'] };
const MODEL = 'florence-2';

let own: TestDatabase;
let knex: Knex;

beforeAll(async () => {
  own = await createTestDatabase();
  knex = own.knex;
});

afterAll(async () => {
  await own.drop();
});

beforeEach(async () => {
  await knex('prompt_versions').delete();
  await knex('prompt_configs').delete();
});

type Change = Partial<PromptChange> & { description?: string };

async function save(content: PromptContent, change: Change = {}): Promise<SavedPrompt> {
  return knex.transaction((trx) => savePrompt(trx, { model: MODEL, createdBy: 'ann', content, ...change }));
}

async function rollBack(to: number, change: Change = {}): Promise<SavedPrompt> {
  return knex.transaction((trx) => rollBackPrompt(trx, { model: MODEL, createdBy: 'ann', to, ...change }));
}

/** Schema §10, Q1: the config's version is the highest of the history and the active one. */
async function expectInStep(version: number): Promise<void> {
  const history = await listPromptVersions(knex, 'florence2');
  expect(history.map((row) => row.version)).toEqual(Array.from({ length: version }, (_, index) => version - index));
  expect(history.filter((row) => row.is_active).map((row) => row.version)).toEqual([version]);
  expect((await findPromptConfig(knex, MODEL))?.version).toBe(version);
}

describe('savePrompt (schema §4.6)', () => {
  test('A, B, back to version 1, A again: the check of the design', async () => {
    expect(await save(A)).toEqual({ version: 1, changed: true });
    expect(await save(B, { description: 'better' })).toEqual({ version: 2, changed: true });
    expect(await rollBack(1)).toEqual({ version: 3, changed: true });
    expect(await save(A)).toEqual({ version: 3, changed: false });
    await expectInStep(3);
    const history = await listPromptVersions(knex, 'florence2');
    expect(history.map((row) => [row.version, versionConfig(row), row.change_description, row.created_by])).toEqual([
      [3, A, 'rollback to v1', 'ann'],
      [2, B, 'better', 'ann'],
      [1, A, null, 'ann'],
    ]);
  });

  test('the configuration row holds what is active', async () => {
    await save(A);
    await save({ system_prompt: 'C', temperature: 1.5, max_tokens: 100 });
    expect(await findPromptConfig(knex, MODEL)).toMatchObject({ system_prompt: 'C', temperature: 1.5, max_tokens: 100, version: 2 });
    await rollBack(1);
    expect(await findPromptConfig(knex, MODEL)).toMatchObject({ ...A, version: 3 });
  });

  test('models have histories of their own', async () => {
    await save(A);
    await save(B, { model: 'x-clip' });
    expect((await listPromptConfigs(knex)).map((row) => [row.model, row.version])).toEqual([
      [MODEL, 1],
      ['x-clip', 1],
    ]);
    expect(await findPromptVersion(knex, 'xclip', 1)).toMatchObject({ is_active: true });
    expect(await findPromptVersion(knex, 'xclip', 2)).toBeUndefined();
    expect(await findActivePromptVersion(knex, 'nemotron')).toBeUndefined();
    expect(await listPromptVersions(knex, 'florence2', { limit: 0 })).toEqual([]);
  });

  test('the order of keys and keys without a value make no new version', async () => {
    await save(B);
    expect(await save({ queries: ['who?', 'what?'], max_tokens: 1000, nothing: undefined, temperature: 0, system_prompt: 'B' })).toEqual({
      version: 1,
      changed: false,
    });
    expect(await save({ ...B, queries: ['what?', 'who?'] })).toEqual({ version: 2, changed: true });
  });

  test.each([0, 1, 3])('when version 2 is active and %s was expected nothing is written', async (expected) => {
    await save(A);
    await save(B);
    const before = await knex('prompt_configs').select();
    const conflict = { code: 'version_conflict', message: `version 2 of florence-2 is active, not ${expected}`, oclif: { exit: 2 } };
    await expect(save(A, { expect: expected })).rejects.toMatchObject(conflict);
    await expect(rollBack(1, { expect: expected })).rejects.toMatchObject(conflict);
    expect(await knex('prompt_configs').select()).toEqual(before);
    await expectInStep(2);
    expect(await save(A, { expect: 2 })).toEqual({ version: 3, changed: true });
  });

  test('a first version may be expected to be the first, and nothing else', async () => {
    await expect(save(A, { expect: 1 })).rejects.toMatchObject({ code: 'version_conflict' });
    expect(await listPromptConfigs(knex)).toEqual([]);
    expect(await save(A, { expect: 0 })).toEqual({ version: 1, changed: true });
  });

  test('there is no way back to a version that is not there or is broken', async () => {
    await save(A);
    await expect(rollBack(2)).rejects.toMatchObject({ code: 'no_such_version', oclif: { exit: 2 } });
    await knex('prompt_versions').insert({ model: 'florence2', version: 7, config_json: '{"system_prompt": "x"}' });
    await expect(rollBack(7)).rejects.toMatchObject({ code: 'bad_version' });
    expect((await findActivePromptVersion(knex, 'florence2'))?.version).toBe(1);
  });

  test('numbers go on after the highest of the history, also when the configuration row was lost', async () => {
    await save(A);
    await save(B);
    await knex('prompt_configs').delete();
    expect(await save(B)).toEqual({ version: 2, changed: false });
    await expectInStep(2);
    await knex('prompt_configs').delete();
    expect(await save(A)).toEqual({ version: 3, changed: true });
    await expectInStep(3);
  });

  test('8 connections at once, from the first version on, keep numbers gapless and one active', async () => {
    const contents = Array.from({ length: 8 }, (_, index) => ({ ...A, system_prompt: `by ${index}` }));
    for (const round of [1, 2, 3]) {
      const saved = await Promise.all(contents.map((content) => save({ ...content, queries: [round] })));
      expect(saved.map((result) => result.version).sort((a, b) => a - b)).toEqual(contents.map((_, index) => (round - 1) * 8 + index + 1));
      await expectInStep(round * 8);
    }
    const active = await findActivePromptVersion(knex, 'florence2');
    expect(versionConfig(active!)['system_prompt']).toBe((await findPromptConfig(knex, MODEL))?.system_prompt);
  });

  test.each([0, 1])('of 8 connections that expect version %s one wins and the others are told', async (expected) => {
    if (expected === 1) await save(A);
    const tries = Array.from({ length: 8 }, (_, index) => save({ ...A, system_prompt: `by ${index}` }, { expect: expected }));
    const results = await Promise.allSettled(tries);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(7);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'version_conflict' });
    await expectInStep(expected + 1);
  });
});

describe('prompt tables', () => {
  const version = { model: 'nemotron', version: 1, config_json: '{}' };
  const config = { model: 'nemotron', system_prompt: 's' };

  test('take every model of their own spelling, and one configuration and one active version per model', async () => {
    await knex('prompt_configs').insert(PROMPT_CONFIG_MODELS.map((model) => ({ ...config, model })));
    await knex('prompt_versions').insert(AI_MODELS.map((model) => ({ ...version, model, is_active: true })));
    expect(await findPromptConfig(knex, 'nemotron')).toMatchObject({ temperature: 0.7, max_tokens: 2048, version: 1 });
    await expect(knex('prompt_configs').insert(config)).rejects.toMatchObject({ constraint: 'idx_prompt_configs_model' });
    await expect(knex('prompt_versions').insert(version)).rejects.toMatchObject({ constraint: 'idx_prompt_versions_model_version' });
    await expect(knex('prompt_versions').insert({ ...version, version: 2, is_active: true })).rejects.toMatchObject({
      constraint: 'uq_prompt_versions_active',
    });
    await knex('prompt_versions').insert({ ...version, version: 2 });
  });

  test.each([
    ['prompt_configs', { ...config, model: 'florence2' }, 'ck_prompt_configs_model'],
    ['prompt_configs', { ...config, temperature: 2.01 }, 'ck_prompt_configs_temperature'],
    ['prompt_configs', { ...config, temperature: 'NaN' }, 'ck_prompt_configs_temperature'],
    ['prompt_configs', { ...config, temperature: -0.1 }, 'ck_prompt_configs_temperature'],
    ['prompt_configs', { ...config, max_tokens: 99 }, 'ck_prompt_configs_max_tokens'],
    ['prompt_configs', { ...config, max_tokens: 8193 }, 'ck_prompt_configs_max_tokens'],
    ['prompt_configs', { ...config, version: 0 }, 'ck_prompt_configs_version'],
    ['prompt_versions', { ...version, model: 'florence-2' }, 'ck_prompt_versions_model'],
    ['prompt_versions', { ...version, version: 0 }, 'ck_prompt_versions_version'],
  ])('%s refuses %j', async (table, row, constraint) => {
    await expect(knex(table).insert(row)).rejects.toMatchObject({ constraint });
  });

  test('a change of a configuration is dated', async () => {
    await save(A);
    const before = (await findPromptConfig(knex, MODEL))!.updated_at;
    expect(await save(A)).toMatchObject({ changed: false });
    expect((await findPromptConfig(knex, MODEL))!.updated_at).toEqual(before);
    await knex.raw('SELECT pg_sleep(0.005)');
    await save(B);
    expect((await findPromptConfig(knex, MODEL))!.updated_at.getTime()).toBeGreaterThan(before.getTime());
  });
});

describe('experiment results', () => {
  const RESULT = {
    experiment_name: 'p2-vs-p3',
    experiment_version: '1',
    camera_id: 'gone',
    batch_id: null,
    event_id: null,
    v1_risk_score: 62,
    v2_risk_score: 45,
    v1_risk_level: 'high',
    v2_risk_level: 'medium',
    v1_latency_ms: 200,
    v2_latency_ms: 300.5,
  } as const;

  test('are stored with their difference, listed in order, and outlive their event and their camera', async () => {
    await seedCamera(knex, 'gate');
    const eventId = await seedEvent(knex, { camera: 'gate', members: [], at: '2026-01-16T10:00:00Z' });
    expect(await listExperimentResults(knex, 'p2-vs-p3')).toEqual([]);
    const first = await insertExperimentResult(knex, { ...RESULT, camera_id: 'gate', event_id: eventId, batch_id: 'b' });
    const second = await insertExperimentResult(knex, { ...RESULT, v1_risk_level: null, v2_risk_level: null });
    await insertExperimentResult(knex, { ...RESULT, experiment_name: 'another' });
    expect(first).toMatchObject({ score_diff: 17, event_id: eventId, v2_latency_ms: 300.5 });
    await knex('cameras').where({ id: 'gate' }).delete();
    expect(await listExperimentResults(knex, 'p2-vs-p3')).toEqual([{ ...first, event_id: null }, second]);
  });

  test.each([
    [{ v1_risk_score: -1 }, 'ck_experiment_results_scores'],
    [{ v2_risk_score: 101 }, 'ck_experiment_results_scores'],
    [{ v1_risk_level: 'none' }, 'ck_experiment_results_v1_risk_level'],
    [{ v2_risk_level: 'none' }, 'ck_experiment_results_v2_risk_level'],
    [{ v1_latency_ms: -1 }, 'ck_experiment_results_latency'],
    [{ v2_latency_ms: 'Infinity' }, 'ck_experiment_results_latency'],
    [{ v2_latency_ms: 'NaN' }, 'ck_experiment_results_latency'],
    [{ event_id: 0 }, 'fk_experiment_results_event_id'],
  ])('with %j are refused', async (columns, constraint) => {
    await expect(knex('experiment_results').insert({ ...RESULT, ...columns })).rejects.toMatchObject({ constraint });
  });
});
