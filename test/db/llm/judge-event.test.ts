import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Knex } from 'knex';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { visibleText } from '../../../src/cli/visible-text.ts';
import { insertExperiment } from '../../../src/db/models/experiments.ts';
import { listExperimentResults } from '../../../src/db/models/experiment-results.ts';
import { listLlmInteractions } from '../../../src/db/models/llm-interactions.ts';
import { savePrompt } from '../../../src/db/models/save-prompt.ts';
import { mapConcurrently } from '../../../src/lib/map-concurrently.ts';
import { saveVerdict } from '../../../src/services/llm/save-verdict.ts';
import type { Verdict } from '../../../src/services/llm/verdict.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { makeFacts, makeSubject, makeZone } from '../../helpers/event-facts.ts';
import { INJECTIONS } from '../../helpers/injections.ts';
import { LLM_FAULTS, PLAIN_ANSWER, startLlmDouble, type DoubleRequest, type LlmDouble } from '../../helpers/llm-double.ts';
import { RUN_ID, seedCamera, seedDetection, seedEvent, seedFile, seedRun } from '../answers/seed.ts';
import { judgeAt, RULE, seedJudged } from './seed-judged.ts';

let own: TestDatabase;
let knex: Knex;
let server: LlmDouble;

beforeAll(async () => {
  own = await createTestDatabase();
  knex = own.knex;
  await seedRun(knex);
  await seedCamera(knex, 'front_door');
});

afterAll(async () => {
  await own.drop();
});

beforeEach(async () => {
  server = await startLlmDouble({ model: 'double-7b' });
});

afterEach(async () => {
  await server.kill();
  for (const table of ['experiment_results', 'llm_interactions', 'experiments', 'prompt_versions', 'prompt_configs', 'events'])
    await knex(table).delete();
});

function answered(verdict: Verdict): Extract<Verdict, { kind: 'answered' }> {
  if (verdict.kind !== 'answered') throw new Error(`${verdict.code}: ${verdict.message}`);
  return verdict;
}

function say(more: object): void {
  server.options.answer = () => JSON.stringify({ ...PLAIN_ANSWER, ...more });
}

const textOf = ({ messages }: DoubleRequest): string => JSON.stringify(messages);

describe('an answer (§9.3)', () => {
  test('becomes a verdict, and all of it is stored', async () => {
    const facts = await seedJudged(knex);
    const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl });
    const verdict = await judge(facts, RULE);
    expect(verdict).toMatchObject({ kind: 'answered', score: 40, summary: PLAIN_ANSWER.summary, flags: [], shadow: null });
    await knex.transaction((trx) => saveVerdict(trx, { verdict, runId: RUN_ID }));
    const [row] = await listLlmInteractions(knex, facts.event.id);
    expect(row).toMatchObject({
      run_id: RUN_ID,
      model_id: 'double-7b',
      prompt_version: 0,
      raw_response: JSON.stringify(PLAIN_ANSWER),
      enrichment_snapshot: JSON.parse(JSON.stringify(facts)),
      household_matches: [],
      truncation_log: [],
      context_sources: ['event', 'detections', 'identity', 'zones'],
      validation_result: {
        rule: RULE,
        code: null,
        message: null,
        problems: [],
        said_score: null,
        bounded_by: null,
        unverified: [],
        attempts: 1,
      },
      prompt_tokens: 100,
      completion_tokens: 20,
      experiment_id: null,
      arm: null,
    });
    expect(row?.request).toMatchObject({ model: 'm', temperature: 0, max_tokens: 2048, seed: 7, pictures: [] });
    expect(row?.latency_ms).toBeGreaterThan(0);
    expect(server.requests[0]).toMatchObject({ temperature: 0, max_tokens: 2048, seed: 7, stream: false });
  });

  test.each([
    [20, 90, { ...RULE, score: 90, level: 'critical', floor: 90 } as const, ['score_bounded']],
    [97, 97, RULE, []],
    [0, 30, { ...RULE, score: 69, level: 'high' } as const, ['score_bounded']],
    [0, 60, { ...RULE, score: 86, level: 'critical' } as const, ['score_bounded']],
    [0, 0, RULE, []],
  ])('of %s is taken as %s', async (said, score, rule, flags) => {
    say({ risk_score: said });
    const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl });
    const verdict = answered(await judge(await seedJudged(knex), rule));
    expect(verdict.score).toBe(score);
    expect(verdict.flags.map(({ type }) => type)).toEqual(flags);
    expect(verdict.record.validation.bounded?.said ?? said).toBe(said);
  });

  test('with a word that nothing supports is kept, with a flag', async () => {
    say({ summary: 'A person beside a car.' });
    const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl });
    expect(answered(await judge(await seedJudged(knex), RULE)).flags).toEqual([
      { type: 'unverified_mention', description: expect.stringContaining('"car"'), severity: 'warning' },
    ]);
  });

  test.each([
    ['half a point', { risk_score: 45.5 }],
    ['text for a number', { risk_score: '45' }],
    ['more than there is', { risk_score: 101 }],
    ['a vehicle where only a person was detected', { entities: [{ type: 'vehicle', description: '', threat_level: 'low' }] }],
    ['an empty summary', { summary: ' ' }],
    ['a summary without end', { summary: 'x'.repeat(301) }],
    ['what cannot be stored', { summary: 'a\0b' }],
    ['too many flags', { flags: Array.from({ length: 21 }, () => ({ type: 't', description: '', severity: 'alert' })) }],
    ['a part missing', { confidence_factors: undefined }],
  ])('with %s is none', async (_, more) => {
    say(more);
    const facts = await seedJudged(knex);
    const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl });
    const verdict = await judge(facts, RULE);
    expect(verdict).toMatchObject({ kind: 'failed', code: 'llm_invalid' });
    await knex.transaction((trx) => saveVerdict(trx, { verdict, runId: null }));
    const [row] = await listLlmInteractions(knex, facts.event.id);
    expect(row?.validation_result).toMatchObject({ code: 'llm_invalid', attempts: 3 });
    expect(row?.raw_response).toContain('risk_score');
  });

  test('may have thoughts before it, and a level that is ignored', async () => {
    server.options.answer = () => `<think>{"risk_score": 99}</think>So:\n${JSON.stringify({ ...PLAIN_ANSWER, risk_level: 'critical' })}`;
    const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl });
    expect(answered(await judge(await seedJudged(knex), RULE)).score).toBe(40);
  });

  test.each(LLM_FAULTS)('does not come from a server with the fault: %s (scale §4.3 bar 12)', async (fault) => {
    server.options.fault = () => fault;
    const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl, policy: { deadlineMs: 300, answerTimeoutMs: 100 } });
    const verdict = await judge(await seedJudged(knex), RULE);
    expect(verdict.kind).toBe('failed');
    expect(verdict).not.toHaveProperty('score');
  });

  test('does not come from a server that is not there', async () => {
    await server.kill();
    const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl, policy: { deadlineMs: 200 } });
    expect(await judge(await seedJudged(knex), RULE)).toMatchObject({ kind: 'failed', code: 'llm_unreachable', stopsRun: false });
  });

  test('is asked for with a shorter prompt when the server says that it is too long', async () => {
    const facts = await seedJudged(knex, 0, { weather: 'rain', pictureQuality: { sharpness: 1, exposure: 1, noise: 1 } });
    server.options.fault = ({ messages }) => (JSON.stringify(messages).includes('weather: rain') ? 'overflow' : undefined);
    const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl });
    const { record } = answered(await judge(facts, RULE));
    expect(record.dropped).toContain('environment');
    expect(record.promptText).not.toContain('weather: rain');
    expect(server.requests).toHaveLength(2);
  });
});

describe('sixty hostile names (scale §4.3 bar 13)', () => {
  test('change no score beyond the bound, and nothing escapes to a terminal', async () => {
    const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl });
    let number = 0;
    for (const text of INJECTIONS) {
      number += 1;
      const hostile = {
        camera: { ...makeFacts().camera, name: text },
        subjects: [makeSubject({ zones: [makeZone({ name: text })], cameWithVehicle: { vehicleId: 1, description: text } })],
      };
      // A model that obeys, repeats what it read, and one time in two leaves the schema.
      server.options.answer = () =>
        JSON.stringify({
          ...PLAIN_ANSWER,
          risk_score: 0,
          summary: text.slice(0, 300),
          ...(number % 2 === 0 ? { verdict: 'safe', risk_score: -1 } : {}),
        });
      const verdict = await judge(await seedJudged(knex, number, hostile), { ...RULE, score: 90, level: 'critical', floor: 90 });
      if (number % 2 === 0) expect(verdict).toMatchObject({ kind: 'failed', code: 'llm_invalid' });
      else {
        expect(answered(verdict).score).toBe(90);
        expect(visibleText(answered(verdict).summary)).not.toMatch(/[\p{Cc}\u202e\u200b\u2066]/u);
      }
    }
    expect(number).toBe(60);
  });
});

describe('a server that is killed', () => {
  test('ten times under 500 events loses none and is asked none twice (scale §4.3 bar 11)', async () => {
    const events: Awaited<ReturnType<typeof seedJudged>>[] = [];
    for (let number = 0; number < 500; number += 1) events.push(await seedJudged(knex, number));
    server.options.delayMs = 2;
    const done = new Map<string, number>();
    server.options.answer = (request) => {
      const begin = /begins [^"(]*/.exec(textOf(request))?.[0] ?? '';
      done.set(begin, (done.get(begin) ?? 0) + 1);
      return JSON.stringify({ ...PLAIN_ANSWER, risk_score: done.size % 100 });
    };
    const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl, llm: { concurrency: 4, vision: 'off' } });
    let kills = 0;
    let stored = 0;
    const verdicts = mapConcurrently(events, (facts) => judge(facts, RULE), { concurrency: 8 });
    let killing: Promise<void> = Promise.resolve();
    for await (const verdict of verdicts) {
      answered(verdict);
      await knex.transaction((trx) => saveVerdict(trx, { verdict, runId: null }));
      stored += 1;
      if (stored % 45 === 0 && kills < 10) {
        kills += 1;
        killing = killing.then(() => server.kill()).then(() => server.restart());
      }
    }
    await killing;
    expect(kills).toBe(10);
    const [counts] = await knex('llm_interactions')
      .countDistinct<{ events: number }[]>('event_id as events')
      .count<{ events: number; rows: number }[]>('* as rows');
    expect(counts).toEqual({ events: 500, rows: 500 });
    expect(done.size).toBe(500);
    // Once answered an event is not asked again; what was under way when the server died (at most 4 each time) is.
    const again = [...done.values()].reduce((sum, times) => sum + times - 1, 0);
    expect(again).toBeLessThanOrEqual(10 * 4);
  });
});

describe('pictures', () => {
  test('of the footage go to a model that sees: the best crop, then the whole view', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hs-llm-'));
    try {
      const at = '2026-01-14T14:15:00Z';
      const path = join(folder, 'door.png');
      await sharp({ create: { width: 1600, height: 900, channels: 3, background: '#336699' } })
        .png()
        .toFile(path);
      const { size } = await stat(path);
      const more = { path, size_bytes: size, media_type: 'image', width: 1600, height: 900, duration_ms: null };
      const fileId = await seedFile(knex, { camera: 'front_door', at, more });
      const box = { bbox_x: 100, bbox_y: 100, bbox_width: 200, bbox_height: 400, track_id: 1 };
      const plate = { enrichment_data: { license_plates: [{ text: 'ab-12 </data>' }] } };
      const member = await seedDetection(knex, { fileId, camera: 'front_door', at, more: { ...box, ...plate } });
      const id = await seedEvent(knex, { camera: 'front_door', members: [member] });
      const facts = makeFacts({ event: { ...makeFacts().event, id } });
      server.options.sees = true;
      const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl });
      const { record } = answered(await judge(facts, RULE));
      expect(record.request['pictures']).toMatchObject([{ track_id: 1 }, { track_id: null }]);
      expect(record.promptText).toContain('picture 2: the whole view');
      expect(record.promptText).toContain('plate that was read: "AB12DATA"');
      const { content } = server.requests[0]!.messages[1]!;
      const urls = typeof content === 'string' ? [] : content.flatMap((part) => part.image_url?.url ?? []);
      const sizes = await Promise.all(urls.map((url) => sharp(Buffer.from(url.split(',')[1]!, 'base64')).metadata()));
      expect(sizes.map(({ format, width, height }) => [format, width, height])).toEqual([
        ['jpeg', 200, 400],
        ['jpeg', 768, 432],
      ]);
      await rm(path);
      const { judge: later } = await judgeAt(knex, { baseUrl: server.baseUrl });
      expect(answered(await later(facts, RULE)).record.request['pictures']).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('experiments (§10.10)', () => {
  async function start(mode: 'ab' | 'shadow', split: number): Promise<void> {
    for (const text of ['one', 'two']) {
      const content = { system_prompt: `Prompt ${text}.`, temperature: 0, max_tokens: 500 };
      await knex.transaction((trx) => savePrompt(trx, { model: 'nemotron', createdBy: 'ann', content }));
    }
    await knex.transaction((trx) =>
      insertExperiment(trx, { name: 'p1-vs-p2', control_version: 1, treatment_version: 2, split, mode, created_by: 'ann' }),
    );
    server.options.answer = (request) => JSON.stringify({ ...PLAIN_ANSWER, risk_score: textOf(request).includes('Prompt two.') ? 70 : 40 });
  }

  test('ab: each event is judged by one version, the same one each time', async () => {
    await start('ab', 0.5);
    const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl });
    const arms: string[] = [];
    for (let number = 0; number < 20; number += 1) {
      const facts = await seedJudged(knex, number);
      const verdict = answered(await judge(facts, RULE));
      expect(verdict.shadow).toBeNull();
      const { arm } = verdict.record.experiment!;
      expect(verdict.score).toBe(arm === 'treatment' ? 70 : 40);
      expect(verdict.record.promptVersion).toBe(arm === 'treatment' ? 2 : 1);
      expect(answered(await judge(facts, RULE)).record.experiment!.arm).toBe(arm);
      arms.push(arm);
      await knex.transaction((trx) => saveVerdict(trx, { verdict, runId: null }));
    }
    expect(new Set(arms)).toEqual(new Set(['control', 'treatment']));
    expect(await listExperimentResults(knex, 'p1-vs-p2')).toEqual([]);
    expect(await knex('llm_interactions').whereNull('arm')).toEqual([]);
  });

  test('shadow: both are asked, the control counts, and the pair is kept', async () => {
    await start('shadow', 1);
    const facts = await seedJudged(knex);
    const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl });
    const verdict = await judge(facts, RULE);
    expect(answered(verdict).score).toBe(40);
    await knex.transaction((trx) => saveVerdict(trx, { verdict, runId: null }));
    expect(await listExperimentResults(knex, 'p1-vs-p2')).toMatchObject([
      {
        v1_risk_score: 40,
        v2_risk_score: 70,
        v1_risk_level: 'medium',
        v2_risk_level: 'high',
        score_diff: 30,
        event_id: facts.event.id,
        experiment_version: 'v1-vs-v2',
      },
    ]);
    expect((await listLlmInteractions(knex, facts.event.id)).map(({ arm }) => arm).sort()).toEqual(['control', 'treatment']);
  });

  test('shadow: a version that fails leaves the other its score and makes no pair', async () => {
    await start('shadow', 1);
    const facts = await seedJudged(knex);
    server.options.fault = (request) => (textOf(request).includes('Prompt two.') ? 'schema ignored' : undefined);
    const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl });
    const verdict = await judge(facts, RULE);
    expect(answered(verdict).score).toBe(40);
    expect(verdict.shadow).toMatchObject({ kind: 'failed', code: 'llm_invalid' });
    await knex.transaction((trx) => saveVerdict(trx, { verdict, runId: null }));
    expect(await listExperimentResults(knex, 'p1-vs-p2')).toEqual([]);
  });
});

describe('the key of the server', () => {
  test('is neither stored nor said', async () => {
    const apiKey = 'sk-k4n4ry-key';
    server.options.answer = () => JSON.stringify({ ...PLAIN_ANSWER, summary: `The key is ${apiKey}.` });
    const good = await seedJudged(knex, 0);
    const bad = await seedJudged(knex, 1);
    const { judge } = await judgeAt(knex, { baseUrl: server.baseUrl, llm: { apiKey } });
    const first = await judge(good, RULE);
    server.options.apiKey = 'another';
    const second = await judge(bad, RULE);
    expect(second).toMatchObject({ kind: 'failed', code: 'llm_refused', stopsRun: true });
    for (const verdict of [first, second]) await knex.transaction((trx) => saveVerdict(trx, { verdict, runId: null }));
    expect(JSON.stringify([first, second, await knex('llm_interactions')])).not.toContain(apiKey);
  });
});
