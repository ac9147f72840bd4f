import { createHash } from 'node:crypto';

import { callServer, type Endpoint, type Question } from './call-server.ts';
import { STRUCTURED_LEVELS, type StructuredLevel } from './chat-body.ts';
import type { ChatClient, ChatReply, ChatRequest } from './chat-client.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { limitCalls } from './limit-calls.ts';
import { LlmError } from './llm-error.ts';
import { LLM_POLICY, type LlmPolicy } from './llm-policy.ts';
import { probeSight, probeStructured, type Structured } from './probe-server.ts';

export type LlmOptions = {
  /** Up to `/v1`, which is added where it is missing. */
  baseUrl: string;
  model: string;
  apiKey?: string | undefined;
  vision: 'auto' | 'on' | 'off';
  policy?: Partial<LlmPolicy>;
  /** Replaced in tests. */
  random?: () => number;
};

export type LlmClient = ChatClient & {
  /** Asked once; later calls know. Throws LlmError. */
  probe: (signal: AbortSignal) => Promise<Structured>;
  /** Whether pictures may be sent. */
  sees: (signal: AbortSignal) => Promise<boolean>;
};

const CACHED_REPLIES = 1000;
/** Of the longest answer that is kept: verdicts have some hundred, and a thousand answers of megabytes would be gigabytes. */
const CACHED_CHARACTERS = 32_768;

/**
 * A client for one model of one server. How to ask for JSON is found out with the first call. The same question is asked once; after
 * the server has refused the key none is.
 */
export function createLlmClient(options: LlmOptions): LlmClient {
  const { call, limited } = openEndpoint(options);
  const cache = createCache();
  const structured = onceItWorks((signal) =>
    probeStructured((request, level) => call({ request, level, isEnough: isAnswerEnough }, signal)),
  );
  const sees = onceItWorks(async (signal) => {
    const { level } = await structured(signal);
    return probeSight((request) => call({ request, level, isEnough: isAnyAnswerEnough }, signal));
  });
  const ask = askAtBestLevel(call, structured);
  return {
    probe: (signal) => limited(signal, () => structured(signal)),
    sees: (signal) => (options.vision === 'auto' ? limited(signal, () => sees(signal)) : Promise.resolve(options.vision === 'on')),
    chat: (request, signal) =>
      limited(signal, async () => {
        const key = keyOf(options.model, request);
        const known = cache.get(key);
        if (known !== undefined) return { ...known, attempts: 0 };
        const reply = await ask(request, signal);
        if (reply.text.length <= CACHED_CHARACTERS) cache.set(key, reply);
        return reply;
      }),
  };
}

type Call = (question: Question, signal: AbortSignal) => Promise<ChatReply>;
type FindStructured = (signal: AbortSignal) => Promise<Structured>;

/** Begins at the level the probe found, and stays at the one below where a schema is refused all the same. */
function askAtBestLevel(call: Call, structured: FindStructured): (request: ChatRequest, signal: AbortSignal) => Promise<ChatReply> {
  let best: StructuredLevel | undefined;
  return async (request, signal) => {
    if (request.schema === undefined) return call({ request, level: 'text' }, signal);
    best ??= (await structured(signal)).level;
    for (let level = best; ; level = nextLevel(level)) {
      try {
        const reply = await call({ request, level }, signal);
        best = level;
        return reply;
      } catch (error) {
        if (level === 'text' || !isFormRefused(error)) throw error;
      }
    }
  };
}

function openEndpoint({ baseUrl, model, apiKey, policy: given, random = Math.random }: LlmOptions) {
  const policy = { ...LLM_POLICY, ...given };
  const now = (): number => performance.now();
  const breaker = createCircuitBreaker({ failures: policy.breakerFailures, openMs: policy.breakerOpenMs, now });
  const endpoint: Endpoint = { url: chatUrl(baseUrl), model, apiKey, policy, breaker, now, random };
  let refused: LlmError | undefined;
  const call: Call = async (question, signal) => {
    if (refused !== undefined) throw refused;
    try {
      return await callServer(endpoint, question, signal);
    } catch (error) {
      if (error instanceof LlmError && error.details.stopsRun === true) refused = error;
      throw error;
    }
  };
  return { call, limited: limitCalls(policy.concurrency) };
}

/** `http://host:8000` and `http://host:8000/v1/` alike. */
function chatUrl(baseUrl: string): string {
  const base = baseUrl.replace(/\/+$/, '');
  return `${/\/v\d+$/.test(base) ? base : `${base}/v1`}/chat/completions`;
}

function nextLevel(level: StructuredLevel): StructuredLevel {
  return STRUCTURED_LEVELS[STRUCTURED_LEVELS.indexOf(level) + 1] ?? 'text';
}

/** The small schema of the probe was taken, this one is not. */
function isFormRefused(error: unknown): boolean {
  return error instanceof LlmError && error.details.isTooLong !== true && [400, 422].includes(error.details.status ?? 0);
}

function isAnswerEnough({ failure }: LlmError): boolean {
  return failure === 'llm_invalid';
}

/** Servers of text models answer a picture with 500, too. */
function isAnyAnswerEnough({ failure, details: { status } }: LlmError): boolean {
  return failure === 'llm_invalid' || status === 500;
}

/** One answer for all who ask; a failure is not kept. */
function onceItWorks<Result>(find: (signal: AbortSignal) => Promise<Result>): (signal: AbortSignal) => Promise<Result> {
  let found: Promise<Result> | undefined;
  return (signal) => {
    found ??= find(signal).catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
}

function keyOf(model: string, { messages, schema, temperature, maxTokens, seed }: ChatRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([model, schema, messages, temperature, maxTokens, seed]))
    .digest('hex');
}

/** The oldest goes when there are too many. */
function createCache() {
  const replies = new Map<string, ChatReply>();
  return {
    get: (key: string): ChatReply | undefined => replies.get(key),
    set: (key: string, reply: ChatReply): void => {
      replies.set(key, reply);
      const [oldest] = replies.keys();
      if (replies.size > CACHED_REPLIES && oldest !== undefined) replies.delete(oldest);
    },
  };
}
