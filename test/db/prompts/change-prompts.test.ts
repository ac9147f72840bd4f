import type { Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { UsageError } from '../../../src/errors/hs-error.ts';
import { startExperiment, stopExperiment, type StartExperimentOptions } from '../../../src/services/experiments/change-experiments.ts';
import { reportExperiment } from '../../../src/services/experiments/report-experiment.ts';
import { rollBack, setPrompt, type SetPromptOptions } from '../../../src/services/prompts/change-prompts.ts';
import { listPromptHistory } from '../../../src/services/prompts/list-prompts.ts';
import { exportPrompts, importPrompts } from '../../../src/services/prompts/prompt-file.ts';
import { insertExperimentResult } from '../../../src/db/models/experiment-results.ts';
import { insertLlmInteraction } from '../../../src/db/models/llm-interactions.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedEvent } from '../answers/seed.ts';

let own: TestDatabase;
let knex: Knex;

beforeAll(async () => {
  own = await createTestDatabase();
  knex = own.knex;
  await seedCamera(knex, 'gate');
});

afterAll(async () => {
  await own.drop();
});

beforeEach(async () => {
  for (const table of [
    'audit_logs',
    'llm_interactions',
    'experiment_results',
    'experiments',
    'prompt_versions',
    'prompt_configs',
    'events',
  ])
    await knex(table).delete();
});

const ACT = { actor: 'ann', dryRun: false };
const set = (more: Partial<SetPromptOptions>) => setPrompt(knex, { ...ACT, model: 'nemotron', ...more });
const versions = () => knex('prompt_versions').orderBy('id').pluck<number[]>('version');

describe('setting a prompt (§10.9)', () => {
  test('the text that comes with hs is active until another one is set, and setting it again changes nothing', async () => {
    const [builtIn] = await listPromptHistory(knex, 'nemotron', 0);
    expect(builtIn).toMatchObject({ version: 0, is_active: true, temperature: 0 });
    expect(await set({ text: String(builtIn?.system_prompt) })).toMatchObject({ version: 0, changed: false });
    expect(await set({ text: 'A', expect: 0 })).toMatchObject({ version: 1, changed: true });
    expect(await set({ text: 'B' })).toMatchObject({ version: 2, changed: true });
    expect(await rollBack(knex, { ...ACT, model: 'nemotron', version: 1 })).toMatchObject({ version: 3, changed: true });
    expect(await set({ text: 'A' })).toMatchObject({ version: 3, changed: false });
    expect(await rollBack(knex, { ...ACT, model: 'nemotron', version: 0 })).toMatchObject({ version: 4, changed: true });
    expect(await versions()).toEqual([1, 2, 3, 4]);
    expect((await listPromptHistory(knex, 'nemotron', 1))[0]).toMatchObject({
      description: 'rollback to v0',
      system_prompt: builtIn?.system_prompt,
    });
  });

  test('another version than expected, or a value out of its limits, changes nothing', async () => {
    await set({ text: 'A' });
    const wrong: [Partial<SetPromptOptions>, RegExp][] = [
      [{ text: 'B', expect: 0 }, /version 1 of nemotron is active, not 0/],
      [{ text: 'B', expect: 2 }, /version 1 of nemotron is active, not 2/],
      [{ temperature: 3 }, /temperature is not from 0 to 2/],
      [{ temperature: Number.NaN }, /temperature/],
      [{ maxTokens: 99 }, /max_tokens is not from 100 to 8192/],
      [{ text: '' }, /system_prompt is empty/],
      [{}, /nothing to set/],
      [{ text: '{"classes": []}' }, /"classes" is not a key/],
      [{ text: 'B', model: 'gpt' }, /no model "gpt"/],
      [{ text: 'B', model: 'florence-2' }, /JSON object/],
      [{ text: 'B', description: 'x'.repeat(1001) }, /--message/],
    ];
    for (const [options, message] of wrong) {
      const error: unknown = await set(options).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(UsageError);
      expect((error as UsageError).message).toMatch(message);
    }
    await expect(rollBack(knex, { ...ACT, model: 'nemotron', version: 7 })).rejects.toThrow('has no version 7');
    expect(await versions()).toEqual([1]);
    expect(await knex('audit_logs')).toHaveLength(1);
  });

  test('a dry run says what would be, and is not kept', async () => {
    expect(await set({ text: 'A', dryRun: true })).toMatchObject({
      version: 1,
      changed: true,
      changes: [{ column: 'system_prompt', to: 'A' }],
    });
    expect(await versions()).toEqual([]);
    expect(await knex('audit_logs')).toEqual([]);
  });

  test('new lists of a model make a new text', async () => {
    await set({ model: 'yolo_world', text: '{"classes": ["parcel"]}' });
    await set({ model: 'yolo-world', text: '{"classes": ["ladder"]}' });
    const config = await knex('prompt_configs').where({ model: 'yolo-world' }).first();
    expect(config).toMatchObject({ version: 2, system_prompt: '{"classes":["ladder"]}', temperature: 0.7, max_tokens: 2048 });
  });

  test('a file that is exported and imported again changes nothing; one that is wrong in part changes nothing either', async () => {
    await set({ text: 'A' });
    await set({ model: 'florence2', text: '{"queries": ["Who?"]}' });
    const { text, count } = await exportPrompts(knex, { folder: '/', at: new Date(0) });
    expect(count).toBe(2);
    const results = await importPrompts(knex, { ...ACT, text });
    expect(results.map(({ result }) => result)).toEqual(['unchanged', 'unchanged']);
    const file = JSON.parse(text) as { format: number; prompts: Record<string, Record<string, unknown>> };
    const change = (prompts: object) => importPrompts(knex, { ...ACT, text: JSON.stringify({ ...file, prompts }) });
    const other = { ...file.prompts['nemotron'], system_prompt: 'Other' };
    for (const bad of [
      { nemotron: other, 'x-clip': { temperature: 9 } },
      { nemotron: other, yolo_world: {}, 'yolo-world': {} },
      { nemotron: { ...other, x: 1 } },
    ])
      await expect(change(bad)).rejects.toThrow(UsageError);
    await expect(importPrompts(knex, { ...ACT, text: '{"format": 2, "prompts": {}}' })).rejects.toThrow('no file of prompts');
    expect(await knex('prompt_versions')).toHaveLength(2);
    expect(await change({ gpt: {}, nemotron: other })).toEqual([
      { model: 'gpt', result: 'skipped', version: null },
      { model: 'nemotron', result: 'changed', version: 2 },
    ]);
  });
});

describe('experiments (§10.10)', () => {
  const start = (more: Partial<StartExperimentOptions> = {}) =>
    startExperiment(knex, { ...ACT, name: 'p', mode: 'shadow', treatment: 0, ...more });

  beforeEach(async () => {
    await set({ text: 'A' });
  });

  test('need two versions that there are, a name of their own, and one runs at a time', async () => {
    const wrong: [Partial<StartExperimentOptions>, RegExp][] = [
      [{ treatment: 1 }, /both version 1/],
      [{ treatment: 9 }, /no version 9/],
      [{ control: 9 }, /no version 9/],
      [{ split: 0 }, /--split/],
      [{ split: 1.1 }, /--split/],
      [{ split: Number.NaN }, /--split/],
      [{ name: ' ' }, /empty/],
    ];
    for (const [options, message] of wrong) await expect(start(options)).rejects.toThrow(message);
    expect(await start({ dryRun: true })).toMatchObject({ control_version: 1, treatment_version: 0, split: 1 });
    await expect(stopExperiment(knex, ACT)).rejects.toThrow('no experiment is running');
    const both = await Promise.allSettled([start({ mode: 'ab' }), start({ name: 'q' })]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { name } = await stopExperiment(knex, ACT);
    await expect(start({ name: String(name) })).rejects.toThrow('before');
    await expect(stopExperiment(knex, { ...ACT, name: String(name) })).rejects.toThrow('ended before');
    await expect(stopExperiment(knex, { ...ACT, name: 'zzz' })).rejects.toThrow('no experiment "zzz"');
  });

  test('are reported with figures, and with advice after a hundred pairs', async () => {
    await expect(reportExperiment(knex)).rejects.toThrow('no experiment yet');
    await start();
    const eventId = await seedEvent(knex, { camera: 'gate', members: [], at: '2026-01-16T10:00:00Z' });
    const { id } = await knex('experiments').first('id');
    const row = {
      event_id: eventId,
      run_id: null,
      model_id: 'm',
      request: {},
      raw_response: null,
      enrichment_snapshot: {},
      household_matches: null,
      truncation_log: null,
      context_sources: null,
      prompt_tokens: null,
      completion_tokens: null,
      experiment_id: id,
    };
    for (let number = 0; number < 100; number += 1) {
      await insertLlmInteraction(knex, {
        ...row,
        arm: 'control',
        prompt_version: 1,
        latency_ms: 100 + number,
        validation_result: { code: null },
      });
      const code = number < 6 ? 'llm_invalid' : null;
      const latency = code === null ? 200 + 2 * number : null;
      await insertLlmInteraction(knex, { ...row, arm: 'treatment', prompt_version: 0, latency_ms: latency, validation_result: { code } });
      if (number === 99) expect((await reportExperiment(knex)).advice).toEqual([]);
      await insertExperimentResult(knex, {
        experiment_name: 'p',
        experiment_version: 'v1-vs-v0',
        camera_id: 'gate',
        batch_id: null,
        event_id: null,
        v1_risk_score: number % 50,
        v2_risk_score: (number % 50) + 16,
        v1_risk_level: 'low',
        v2_risk_level: number % 2 === 0 ? 'low' : 'medium',
        v1_latency_ms: 1,
        v2_latency_ms: 1,
      });
    }
    expect(await reportExperiment(knex, 'p')).toMatchObject({
      pairs: 100,
      mean_diff: 16,
      mean_abs_diff: 16,
      rms_diff: 16,
      correlation: 1,
      same_level: 50,
      control: { asked: 100, failed: 0, invalid_share: 0, latency_p50_ms: 149, latency_p95_ms: 194 },
      treatment: { asked: 100, failed: 6, invalid_share: 0.06, latency_p50_ms: 304 },
      feedback: null,
      advice: [expect.stringContaining('1.5 times'), expect.stringContaining('15'), expect.stringContaining('5 points')],
    });
  });
});
