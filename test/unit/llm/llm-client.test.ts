import { afterEach, describe, expect, test } from 'vitest';

import type { ChatRequest, LlmFailure } from '../../../src/llm/chat-client.ts';
import { createLlmClient, type LlmClient, type LlmOptions } from '../../../src/llm/llm-client.ts';
import { LlmError } from '../../../src/llm/llm-error.ts';
import { LLM_FAULTS, startLlmDouble, type LlmDouble, type LlmFault } from '../../helpers/llm-double.ts';

const FAST = {
  deadlineMs: 600,
  answerTimeoutMs: 150,
  backoffMs: 5,
  backoffCapMs: 20,
  retryAfterCapMs: 1000,
  breakerOpenMs: 60,
};
const SCHEMA = {
  name: 'answer',
  jsonSchema: { type: 'object', properties: { risk_score: { type: 'integer' } }, required: ['risk_score'] },
};
const QUESTION: ChatRequest = { messages: [{ role: 'user', content: 'How bad is it?' }], temperature: 0.7, maxTokens: 300, schema: SCHEMA };
const never = new AbortController().signal;

let double: LlmDouble | undefined;

afterEach(async () => {
  await double?.kill();
  double = undefined;
});

async function open(
  server: Parameters<typeof startLlmDouble>[0] = {},
  options: Partial<LlmOptions> = {},
): Promise<{ client: LlmClient; server: LlmDouble }> {
  double = await startLlmDouble(server);
  const { policy, ...rest } = options;
  const client = createLlmClient({ baseUrl: double.baseUrl, model: 'm', vision: 'auto', ...rest, policy: { ...FAST, ...policy } });
  return { client, server: double };
}

async function failureOf(promise: Promise<unknown>): Promise<LlmError> {
  const error: unknown = await promise.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LlmError);
  return error as LlmError;
}

describe('the twelve faults of servers (scale §4.3 bar 12)', () => {
  const OUTCOMES: Readonly<Record<LlmFault, { failure: LlmFailure; requests: number | 'several' }>> = {
    'wrong key': { failure: 'llm_refused', requests: 1 },
    overflow: { failure: 'llm_http_4xx', requests: 1 },
    'too many requests': { failure: 'llm_http_4xx', requests: 'several' },
    'internal error': { failure: 'llm_unreachable', requests: 'several' },
    loading: { failure: 'llm_unreachable', requests: 'several' },
    stall: { failure: 'llm_timeout', requests: 'several' },
    reset: { failure: 'llm_unreachable', requests: 'several' },
    'truncated json': { failure: 'llm_invalid', requests: 3 },
    length: { failure: 'llm_invalid', requests: 3 },
    'schema ignored': { failure: 'llm_invalid', requests: 3 },
    'wrong model': { failure: 'llm_http_4xx', requests: 1 },
    'no choices': { failure: 'llm_invalid', requests: 3 },
  };

  test.each(LLM_FAULTS)('%s that lasts is no answer', async (fault) => {
    const { client, server } = await open({ fault: () => (isProbe(server) ? undefined : fault) });
    await client.probe(never);
    const error = await failureOf(client.chat(QUESTION, never));
    const { failure, requests } = OUTCOMES[fault];
    expect(error.failure).toBe(failure);
    if (requests === 'several') expect(server.requests.length).toBeGreaterThan(2);
    else expect(server.requests).toHaveLength(requests);
  });

  test.each(LLM_FAULTS.filter((fault) => !['wrong key', 'overflow', 'wrong model'].includes(fault)))(
    '%s that passes is tried through',
    async (fault) => {
      const { client, server } = await open({ fault: (_, count) => (!isProbe(server) && count <= 2 ? fault : undefined) });
      await client.probe(never);
      const reply = await client.chat(QUESTION, never);
      expect(JSON.parse(reply.text)).toMatchObject({ risk_score: 40 });
      expect(reply.attempts).toBe(3);
    },
  );

  /** Only what is not a probe shall fail here. */
  function isProbe(server: LlmDouble): boolean {
    return server.requests.length === 0;
  }
});

describe('asking for JSON', () => {
  test.each(['json_schema', 'json_object', 'text'] as const)('a server that knows no better than %s is asked so', async (structured) => {
    const { client, server } = await open({ structured });
    expect((await client.probe(never)).level).toBe(structured);
    await client.chat(QUESTION, never);
    await client.chat({ ...QUESTION, maxTokens: 301 }, never);
    expect(server.requests).toHaveLength(2);
    expect(server.requests[0]?.response_format?.type).toBe(structured === 'text' ? undefined : structured);
    expect(JSON.stringify(server.requests[0]?.messages).includes('JSON Schema')).toBe(structured !== 'json_schema');
    expect(server.probes.length).toBeLessThanOrEqual(3);
  });

  test('a schema that is refused though that of the probe was not is told in the prompt', async () => {
    const refusing = { structured: 'json_schema' as const };
    const { client, server } = await open(refusing);
    await client.probe(never);
    server.options.structured = 'json_object';
    await client.chat(QUESTION, never);
    expect(server.requests.map((request) => request.response_format?.type)).toEqual(['json_schema', 'json_object']);
    await client.chat({ ...QUESTION, maxTokens: 301 }, never);
    expect(server.requests).toHaveLength(3);
  });

  test('an answer that is not accepted is asked for again with what was wrong, at temperature 0', async () => {
    const answers = ['{"risk_score": 45.5}', '{"risk_score": 46}'];
    const { client, server } = await open({ answer: () => answers.shift() ?? '' });
    const check = (text: string): string[] => (text.includes('.') ? ['risk_score: is not a whole number'] : []);
    expect(await client.chat({ ...QUESTION, check }, never)).toMatchObject({ text: '{"risk_score": 46}', attempts: 2 });
    const [first, second] = server.requests;
    expect([first?.temperature, second?.temperature]).toEqual([0.7, 0]);
    expect(second?.messages.slice(1)).toEqual([
      { role: 'assistant', content: '{"risk_score": 45.5}' },
      { role: 'user', content: expect.stringContaining('- risk_score: is not a whole number') },
    ]);
  });

  test('one that was cut off gets twice the room', async () => {
    const { client, server } = await open({ fault: (request) => (request.max_tokens === 300 ? 'length' : undefined) });
    await client.chat(QUESTION, never);
    expect(server.requests.map((request) => request.max_tokens)).toEqual([300, 600]);
  });

  test('a prompt that is too long is shortened once', async () => {
    const { client, server } = await open({ fault: ({ messages }) => (messages.length > 1 ? 'overflow' : undefined) });
    const long: ChatRequest = { ...QUESTION, messages: [...QUESTION.messages, ...QUESTION.messages] };
    await client.chat({ ...long, shorten: () => QUESTION.messages }, never);
    expect(server.requests).toHaveLength(2);
    const error = await failureOf(client.chat({ ...long, maxTokens: 301, shorten: () => long.messages }, never));
    expect(error.failure).toBe('llm_http_4xx');
    expect(server.requests).toHaveLength(4);
  });
});

describe('pictures', () => {
  test.each([
    ['auto', true, true],
    ['auto', false, false],
    ['on', false, true],
    ['off', true, false],
  ] as const)('vision %s of a server that sees (%s): %s', async (vision, sees, expected) => {
    const { client, server } = await open({ sees }, { vision });
    expect(await client.sees(never)).toBe(expected);
    expect(await client.sees(never)).toBe(expected);
    expect(server.probes.length).toBe(vision === 'auto' ? 2 : 0);
  });
});

describe('the key', () => {
  const apiKey = 'sk-k4n4ry-key';

  test('is sent, and is in no error even when the server quotes it', async () => {
    const { client, server } = await open({ apiKey }, { apiKey });
    await client.chat(QUESTION, never);
    expect(server.headers().authorization).toBe(`Bearer ${apiKey}`);
    server.options.apiKey = 'another';
    const error = await failureOf(client.chat({ ...QUESTION, maxTokens: 301 }, never));
    expect(error.message).toContain('***');
    expect(JSON.stringify([error.message, error.details, error.stack])).not.toContain(apiKey);
  });

  test('that is refused stops every further call', async () => {
    const { client, server } = await open({ apiKey: 'another' }, { apiKey });
    expect((await failureOf(client.chat(QUESTION, never))).failure).toBe('llm_refused');
    server.options.apiKey = apiKey;
    expect((await failureOf(client.chat(QUESTION, never))).details.stopsRun).toBe(true);
    expect(server.requests).toHaveLength(0);
  });

  test('an answer that quotes it is kept without it', async () => {
    const { client } = await open({ answer: () => `{"risk_score": 1, "summary": "${apiKey}"}` }, { apiKey });
    expect((await client.chat(QUESTION, never)).text).toBe('{"risk_score": 1, "summary": "***"}');
  });
});

describe('patience', () => {
  test('the same question is asked once', async () => {
    const { client, server } = await open();
    const first = await client.chat(QUESTION, never);
    expect(await client.chat({ ...QUESTION }, never)).toEqual({ ...first, attempts: 0 });
    await client.chat({ ...QUESTION, messages: [{ role: 'user', content: 'And now?' }] }, never);
    expect(server.requests).toHaveLength(2);
  });

  test('Retry-After is honoured', async () => {
    const { client, server } = await open({
      fault: (_, count) => (server.requests.length === 1 && count === 1 ? 'too many requests' : undefined),
    });
    await client.probe(never);
    const startedMs = performance.now();
    await client.chat(QUESTION, never);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(49);
  });

  test('so many calls at once, and no more', async () => {
    const { client, server } = await open({ delayMs: 5 }, { policy: { concurrency: 3 } });
    await Promise.all(Array.from({ length: 20 }, (_, seed) => client.chat({ ...QUESTION, seed }, never)));
    expect(server.requests).toHaveLength(20);
    expect(server.most).toBe(3);
  });

  test('while a server is down longer than a call may take, calls fail at once but for one that tries', async () => {
    const { client, server } = await open({}, { policy: { deadlineMs: 200, breakerOpenMs: 100 } });
    await client.probe(never);
    await server.kill();
    expect((await failureOf(client.chat(QUESTION, never))).failure).toBe('llm_unreachable');
    await failureOf(client.chat(QUESTION, never));
    const startedMs = performance.now();
    for (let count = 0; count < 50; count += 1) await failureOf(client.chat({ ...QUESTION, seed: count }, never));
    expect(performance.now() - startedMs).toBeLessThan((50 * 200) / 2);
    await server.restart();
    await new Promise((resolve) => setTimeout(resolve, 110));
    expect((await client.chat(QUESTION, never)).attempts).toBe(1);
  });

  test('a signal stops a call that waits for its answer, and those that wait for their turn', async () => {
    const { client } = await open({ fault: () => 'stall' }, { policy: { concurrency: 1, answerTimeoutMs: 10_000, deadlineMs: 20_000 } });
    const stop = new AbortController();
    const calls = [client.chat(QUESTION, stop.signal), client.chat({ ...QUESTION, seed: 2 }, stop.signal)];
    setTimeout(() => {
      stop.abort(new Error('stopped'));
    }, 30);
    const ends = await Promise.allSettled(calls);
    expect(ends.map((end) => end.status === 'rejected' && (end.reason as Error).message)).toEqual(['stopped', 'stopped']);
  });

  test('an answer without end is not read', async () => {
    const { client } = await open(
      { answer: () => `{"risk_score": 1, "summary": "${'x'.repeat(5000)}"}` },
      { policy: { maxReplyBytes: 2000 } },
    );
    expect((await failureOf(client.chat(QUESTION, never))).failure).toBe('llm_invalid');
  });

  test('redirects are not followed', async () => {
    const target = await startLlmDouble();
    const { createServer } = await import('node:http');
    const server = createServer((_, response) => response.writeHead(307, { location: `${target.baseUrl}/v1/chat/completions` }).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const client = createLlmClient({ baseUrl: `http://127.0.0.1:${String(port)}/v1/`, model: 'm', vision: 'off', policy: FAST });
    const error = await failureOf(client.chat(QUESTION, never));
    expect(error.message).toContain('redirects to');
    expect(target.requests.length + target.probes.length).toBe(0);
    server.closeAllConnections();
    server.close();
    await target.kill();
  });
});
