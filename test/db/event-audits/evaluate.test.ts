import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ChatClient, ChatRequest } from '../../../src/llm/chat-client.ts';
import type { AuditTools, ModeOutcome } from '../../../src/services/event-audits/evaluate-event.ts';
import { evaluateEvents, type EvaluateOptions } from '../../../src/services/event-audits/evaluate-events.ts';
import { listEventAudits, type ListEventAuditsOptions } from '../../../src/services/event-audits/list-event-audits.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedEvent } from '../answers/seed.ts';
import { lookAt, namesOf } from '../check/sound-store.ts';

const ZONES = { cameras: {} };
const MARKS = { context_usage: 4, reasoning_coherence: 3, risk_justification: 5, actionability: 2 };
const ADVICE = { missing_context: ['weather'], confusing_sections: [], unused_data: ['plates'], format_suggestions: [], model_gaps: [] };
const REPLIES: Record<string, string> = {
  event_audit_critique: '{"critique": "too sure\\u0000"}',
  event_audit_rubric: JSON.stringify(MARKS),
  event_audit_consistency: '<think>{"risk_score": 1}</think>{"risk_score": 62}',
  event_audit_advice: JSON.stringify(ADVICE),
};

let db: TestDatabase;
let server: Server;
let replies: Record<string, string>;
let asked: ChatRequest[];
let minute = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { schema } = JSON.parse(body) as ChatRequest;
      const text = replies[schema!.name];
      response.writeHead(text === undefined ? 503 : 200).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(async () => {
  for (const table of ['cameras', 'audit_logs'] as const) await db.knex(table).delete();
  await seedCamera(db.knex, 'gate');
  replies = { ...REPLIES };
  asked = [];
  minute = 0;
});

afterAll(async () => {
  server.close();
  await db.drop();
});

/** Speaks to the server in the plainest way; what real servers want is tested with the client that ships. */
const chat: ChatClient = {
  async chat(request, signal) {
    asked.push(request);
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: JSON.stringify(request), signal });
    if (!answer.ok) throw Object.assign(new Error('the server said 503'), { name: 'LlmError', failure: 'llm_unreachable' });
    const told = { model: 'test', latencyMs: 1, promptTokens: null, completionTokens: null, attempts: 1 };
    return { ...told, text: await answer.text() };
  },
};

const scoreByRules: AuditTools['scoreByRules'] = async () => ({ score: 50, floor: 0 });

async function event(source: 'llm' | 'rules' | 'none', more: object = {}): Promise<number> {
  const at = new Date(Date.UTC(2026, 0, 10, 20, minute++)).toISOString();
  const scored = source === 'none' ? {} : { risk_score: 50, risk_level: 'medium', risk_source: source };
  const prompt = source === 'llm' ? { llm_prompt: 'A person at the gate.', reasoning: 'Night.' } : {};
  return seedEvent(db.knex, { camera: 'gate', members: [], at, more: { ...scored, ...prompt, ...more } });
}

async function evaluate(options: Partial<EvaluateOptions> = {}): Promise<ModeOutcome[]> {
  const signal = new AbortController().signal;
  const base = { ids: [], scope: {}, limit: 0, mode: 'all', tools: { chat, scoreByRules }, actor: 'anna', dryRun: false } as const;
  const outcomes: ModeOutcome[] = [];
  for await (const one of await evaluateEvents(db.knex, { ...base, signal, zones: ZONES, ...options })) outcomes.push(one);
  return outcomes;
}

const audit = (id: number): Promise<Record<string, unknown>> => db.knex('event_audits').where({ event_id: id }).first();

describe('evaluating an event that a model judged (§10.8)', () => {
  test('in all modes stores what each found, and the mean of the scores', async () => {
    const id = await event('llm');
    expect((await evaluate({ ids: [id] })).map(({ mode, outcome, result }) => [mode, outcome, result])).toEqual([
      ['critique', 'done', '8 characters'],
      ['rubric', 'done', '4 · 3 · 5'],
      ['consistency', 'done', '2.6 (50 then 62)'],
      ['advice', 'done', '2 hints'],
    ]);
    const row = await audit(id);
    expect(row).toMatchObject({
      self_eval_critique: 'too sure',
      context_usage_score: 4,
      reasoning_coherence_score: 3,
      risk_justification_score: 5,
      consistency_risk_score: 62,
      consistency_diff: 12,
      consistency_score: 2.6,
      missing_context: '["weather"]',
      unused_data: '["plates"]',
      model_gaps: '[]',
    });
    expect(row['overall_quality_score']).toBeCloseTo(3.65, 10);
    expect(row['self_eval_prompt']).toContain('A person at the gate.');
    expect(JSON.parse(String(row['self_eval_response']))).toMatchObject({ rubric: expect.stringContaining('actionability') });
    expect(asked.map(({ temperature, maxTokens }) => [temperature, maxTokens])).toEqual(Array(4).fill([0.3, 1024]));
    expect(namesOf(await lookAt(db.knex, { ids: ['Q2'] }))).toEqual([]);
    expect(await db.knex('audit_logs').select('action', 'resource_id', 'actor')).toEqual([
      { action: 'ai_reevaluated', resource_id: String(id), actor: 'anna' },
    ]);
  });

  test('a mode that fails leaves its columns null, and the others go on', async () => {
    const id = await event('llm');
    replies = { ...REPLIES, event_audit_rubric: '{"context_usage": 9}', event_audit_advice: '{"missing_context": "none"}' };
    expect((await evaluate({ ids: [id] })).map(({ outcome }) => outcome)).toEqual(['done', 'failed', 'done', 'failed']);
    expect(await audit(id)).toMatchObject({
      self_eval_critique: 'too sure',
      context_usage_score: null,
      missing_context: null,
      overall_quality_score: 2.6,
    });
    replies = REPLIES;
    await evaluate({ ids: [id], mode: 'rubric' });
    const row = await audit(id);
    expect(row).toMatchObject({ consistency_score: 2.6, self_eval_critique: 'too sure' });
    expect(row['overall_quality_score']).toBeCloseTo(3.65, 10);
    expect(Object.keys(JSON.parse(String(row['self_eval_response'])) as object)).toEqual(['critique', 'consistency', 'rubric']);
  });

  test('a floor that threats set holds for the second score, too', async () => {
    const id = await event('llm');
    const tools = { chat, scoreByRules: async () => ({ score: 20, floor: 90 }) };
    await evaluate({ ids: [id], mode: 'consistency', tools });
    expect(await audit(id)).toMatchObject({ consistency_risk_score: 90, consistency_diff: 40, consistency_score: 1 });
  });

  test('stores nothing when the event was judged anew meanwhile', async () => {
    const id = await event('llm');
    const slow: ChatClient = {
      chat: async (request, signal) => {
        await db.knex('events').where({ id }).update({ risk_score: 10, risk_level: 'low' });
        return chat.chat(request, signal);
      },
    };
    await evaluate({ ids: [id], mode: 'consistency', tools: { chat: slow } });
    expect(await audit(id)).toBeUndefined();
  });

  test('five questions in a row without a sign of the server end the evaluation', async () => {
    for (let count = 0; count < 4; count += 1) await event('llm');
    replies = {};
    const outcomes = await evaluate();
    expect(outcomes).toHaveLength(8);
    expect(outcomes.every(({ outcome, isDown }) => outcome === 'failed' && isDown)).toBe(true);
    expect(await db.knex('event_audits')).toEqual([]);
  });

  test('an error that is none of the model is not taken for one', async () => {
    const broken: ChatClient = { chat: () => Promise.reject(new TypeError('bug')) };
    await expect(evaluate({ ids: [await event('llm')], tools: { chat: broken } })).rejects.toThrow('bug');
  });
});

describe('evaluating other events', () => {
  test('of one judged by rules only consistency is looked at: the same score must come again (§10.8)', async () => {
    const id = await event('rules');
    expect((await evaluate({ ids: [id] })).map(({ mode, outcome }) => [mode, outcome])).toEqual([
      ['critique', 'skipped'],
      ['rubric', 'skipped'],
      ['consistency', 'done'],
      ['advice', 'skipped'],
    ]);
    expect(await audit(id)).toMatchObject({
      consistency_diff: 0,
      consistency_score: 5,
      overall_quality_score: 5,
      self_eval_response: null,
    });
    expect(asked).toEqual([]);
  });

  test('without a score, without tools or as a dry run nothing is asked and nothing stored', async () => {
    const [bare, ruled, judged] = [await event('none'), await event('rules'), await event('llm')];
    const skipped = await evaluate({ ids: [bare, ruled, judged], tools: {} });
    expect(skipped.filter(({ mode }) => mode === 'consistency').map(({ result }) => result)).toEqual([
      'the event has no score',
      'the rules cannot be asked again',
      'no language model is set up',
    ]);
    expect((await evaluate({ ids: [judged], dryRun: true })).map(({ result }) => result)).toEqual(Array(4).fill('would be evaluated'));
    expect([asked, await db.knex('event_audits')]).toEqual([[], []]);
  });

  test('unknown ids and modes without a model are told before anything is asked', async () => {
    await expect(evaluate({ ids: [424242] })).rejects.toMatchObject({ code: 'event_unknown', exitCode: 2 });
    await expect(evaluate({ mode: 'critique', tools: {} })).rejects.toMatchObject({ code: 'llm_not_configured', exitCode: 6 });
  });

  test('without ids those never evaluated are taken, the newest first, at most so many', async () => {
    const [first, second, third] = [await event('rules'), await event('rules'), await event('rules')];
    await event('none');
    const taken = async (options: Partial<EvaluateOptions>): Promise<number[]> =>
      (await evaluate({ mode: 'consistency', ...options })).map((outcome) => outcome.event_id);
    expect(await taken({ limit: 1 })).toEqual([third]);
    expect(await taken({ scope: { until: '2026-01-10T20:01:00Z' } })).toEqual([first]);
    expect(await taken({})).toEqual([second]);
    expect(await taken({})).toEqual([]);
  });
});

test('audits are listed by quality and by what was evaluated', async () => {
  const ids = [await event('llm'), await event('rules'), await event('rules')];
  await evaluate({ ids: ids.slice(0, 2) });
  await db.knex('event_audits').insert({ event_id: ids[2]!, has_zones: true });
  const list = async (filter: ListEventAuditsOptions['filter']): Promise<unknown[]> => {
    const sort = { field: 'started_at', descending: false } as const;
    const found: unknown[] = [];
    for await (const row of await listEventAudits(db.knex, { scope: {}, filter, sort, limit: 0, zones: ZONES })) found.push(row.event_id);
    return found;
  };
  expect(await list({})).toEqual(ids);
  expect(await list({ modes: ['evaluated'] })).toEqual(ids.slice(0, 2));
  expect(await list({ modes: ['evaluated', 'advice'] })).toEqual(ids.slice(0, 1));
  expect(await list({ minQuality: 4 })).toEqual(ids.slice(1, 2));
  const sort = { field: 'event_id', descending: false } as const;
  for await (const row of await listEventAudits(db.knex, { scope: {}, filter: { modes: ['advice'] }, sort, limit: 1, zones: ZONES })) {
    expect(row).toMatchObject({ unused_data: ['plates'], model_gaps: [], risk_source: 'llm' });
  }
});
