import { findJsonObjects, withoutThinking } from '../domain/llm/find-json.ts';
import { redactText } from '../lib/redact.ts';
import { sleep } from '../lib/sleep.ts';
import { chatBody, type StructuredLevel } from './chat-body.ts';
import type { ChatMessage, ChatReply, ChatRequest } from './chat-client.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { LlmError } from './llm-error.ts';
import type { LlmPolicy } from './llm-policy.ts';
import { NoAnswerError, postJson, TooMuchAnswerError, type HttpAnswer } from './post-json.ts';
import { readAnswer, type Outcome } from './read-answer.ts';

/** A server as it is known to the calls that go to it. */
export type Endpoint = {
  url: string;
  model: string;
  apiKey: string | undefined;
  policy: LlmPolicy;
  breaker: CircuitBreaker;
  now: () => number;
  random: () => number;
};

export type Question = {
  request: ChatRequest;
  level: StructuredLevel;
  /** Whether a failure that would be tried through ends the call. */
  isEnough?: (error: LlmError) => boolean;
};

type Call = {
  question: Question;
  request: ChatRequest;
  endsAtMs: number;
  attempts: number;
  retries: number;
  invalid: number;
  isShortened: boolean;
  /** How the last attempt failed. */
  last: LlmError | undefined;
};

type Failed = Exclude<Outcome, { kind: 'answered' }>;

const MAX_TOKENS = 8192;
const QUOTED_CHARS = 2000;

/** Asks until an answer is accepted or the deadline has come. Throws LlmError, or the signal's reason once it is aborted. */
export async function callServer(endpoint: Endpoint, question: Question, signal: AbortSignal): Promise<ChatReply> {
  const endsAtMs = endpoint.now() + endpoint.policy.deadlineMs;
  const call: Call = {
    question,
    request: question.request,
    endsAtMs,
    attempts: 0,
    retries: 0,
    invalid: 0,
    isShortened: false,
    last: undefined,
  };
  for (;;) {
    await waitForBreaker(endpoint, call, signal);
    const startedMs = endpoint.now();
    const outcome = await attempt(endpoint, call, signal);
    if (outcome.kind === 'answered') {
      return { ...outcome.reply, latencyMs: endpoint.now() - startedMs, attempts: call.attempts };
    }
    await pause(endpoint, call, { waitMs: afterFailure(endpoint, call, outcome), signal });
  }
}

async function attempt(endpoint: Endpoint, call: Call, signal: AbortSignal): Promise<Outcome> {
  const { breaker, policy } = endpoint;
  call.attempts += 1;
  let outcome: Outcome | undefined;
  try {
    outcome = await ask(endpoint, call, signal);
  } finally {
    if (outcome === undefined) breaker.leave();
    else if (outcome.kind === 'again' && outcome.isDown) breaker.failed();
    else breaker.answered();
  }
  if (outcome.kind !== 'answered') return outcome;
  const problems = (call.request.check ?? checkOf(call.request))(outcome.reply.text).slice(0, policy.invalidAnswers * 10);
  return problems.length === 0 ? outcome : { kind: 'invalid', text: outcome.reply.text, problems, isCut: false };
}

async function ask(endpoint: Endpoint, { request, question, endsAtMs }: Call, signal: AbortSignal): Promise<Outcome> {
  const { url, model, apiKey, policy } = endpoint;
  const timeoutMs = Math.max(1, Math.min(policy.answerTimeoutMs, endsAtMs - endpoint.now()));
  const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const body = chatBody({ model, request, level: question.level });
  try {
    return readAnswer(withoutKey(await postJson({ url, headers, body, timeoutMs, maxBytes: policy.maxReplyBytes, signal }), apiKey));
  } catch (error) {
    if (error instanceof TooMuchAnswerError) return { kind: 'invalid', text: '', problems: [error.message], isCut: false };
    if (!(error instanceof NoAnswerError)) throw error;
    const message = redactText(error.message, keysOf(apiKey));
    return { kind: 'again', failure: error.isTimeout ? 'llm_timeout' : 'llm_unreachable', message, isDown: true };
  }
}

/** A server may quote what it was sent. */
function withoutKey(answer: HttpAnswer, apiKey: string | undefined): HttpAnswer {
  if (apiKey === undefined || !`${answer.text}${answer.location ?? ''}`.includes(apiKey)) return answer;
  const cleared = (text: string): string => text.replaceAll(apiKey, '***');
  return { ...answer, text: cleared(answer.text), location: answer.location === null ? null : cleared(answer.location) };
}

function keysOf(apiKey: string | undefined): string[] {
  return apiKey === undefined ? [] : [apiKey];
}

function checkOf({ schema }: ChatRequest): (text: string) => string[] {
  if (schema === undefined) return () => [];
  return (text) => (findJsonObjects(withoutThinking(text)).next().done === true ? ['there is no complete JSON object in the answer'] : []);
}

/** Changes what is asked next and says how long to wait before it. Throws when there is nothing more to try. */
function afterFailure(endpoint: Endpoint, call: Call, outcome: Failed): number {
  const error = wasCutShort(endpoint, call, outcome) ?? toError(call, outcome);
  call.last = error;
  if (call.question.isEnough?.(error) === true) throw error;
  switch (outcome.kind) {
    case 'over':
      throw error;
    case 'too_long':
      shorten(call);
      return 0;
    case 'invalid':
      askBetter(endpoint, call, outcome);
      return 0;
    case 'again':
      call.retries += 1;
      return waitBefore(endpoint, call.retries, outcome.waitMs);
  }
}

/** The deadline left the last attempt less time than others get: what failed before tells more. */
function wasCutShort({ now }: Endpoint, call: Call, outcome: Failed): LlmError | undefined {
  return outcome.kind === 'again' && outcome.failure === 'llm_timeout' && now() >= call.endsAtMs ? call.last : undefined;
}

function shorten(call: Call): void {
  const messages = call.isShortened ? undefined : call.question.request.shorten?.();
  if (messages === undefined) throw call.last ?? new LlmError('llm_http_4xx', 'the prompt is too long');
  call.isShortened = true;
  call.request = { ...call.request, messages };
}

function askBetter({ policy }: Endpoint, call: Call, { text, problems, isCut }: Extract<Outcome, { kind: 'invalid' }>): void {
  call.invalid += 1;
  if (call.invalid >= policy.invalidAnswers) throw call.last ?? new LlmError('llm_invalid', 'invalid');
  const { request } = call;
  call.request = isCut
    ? { ...request, temperature: 0, maxTokens: Math.min(MAX_TOKENS, Math.max(request.maxTokens, request.maxTokens * 2)) }
    : { ...request, temperature: 0, messages: [...request.messages, ...correction(text, problems)] };
}

/** The same question would bring the same answer: what was wrong is added. */
function correction(text: string, problems: readonly string[]): ChatMessage[] {
  const list = problems.map((problem) => `- ${problem.slice(0, 200)}`).join('\n');
  const user: ChatMessage = {
    role: 'user',
    content: `Your answer was not accepted:\n${list}\nAnswer again with one JSON object and nothing else.`,
  };
  return text.trim() === '' ? [user] : [{ role: 'assistant', content: text.slice(0, QUOTED_CHARS) }, user];
}

function waitBefore({ policy, random }: Endpoint, retry: number, askedMs: number | undefined): number {
  if (askedMs !== undefined) return Math.min(policy.retryAfterCapMs, askedMs);
  return random() * Math.min(policy.backoffCapMs, policy.backoffMs * 2 ** Math.min(retry - 1, 30));
}

async function waitForBreaker(endpoint: Endpoint, call: Call, signal: AbortSignal): Promise<void> {
  const { breaker, policy } = endpoint;
  for (let waitMs = breaker.enter(); waitMs > 0; waitMs = breaker.enter()) {
    if (breaker.outageMs() >= policy.deadlineMs)
      throw call.last ?? new LlmError('llm_unreachable', 'the server has not answered for a while');
    await pause(endpoint, call, { waitMs, signal });
  }
}

/** Throws what the last attempt ended with when the wait would outlast the deadline. */
async function pause({ now }: Endpoint, call: Call, { waitMs, signal }: { waitMs: number; signal: AbortSignal }): Promise<void> {
  if (now() + waitMs >= call.endsAtMs) throw call.last ?? new LlmError('llm_unreachable', 'the server has not answered for a while');
  if (waitMs > 0) await sleep(waitMs, signal);
  signal.throwIfAborted();
}

function toError({ attempts }: Call, outcome: Failed): LlmError {
  switch (outcome.kind) {
    case 'invalid': {
      const { problems, text, isCut } = outcome;
      return new LlmError('llm_invalid', `not accepted: ${problems.join('; ')}`, { attempts, text, problems, isCut });
    }
    case 'too_long':
      return new LlmError('llm_http_4xx', outcome.message, { attempts, status: outcome.status, isTooLong: true });
    case 'over':
      return new LlmError(outcome.failure, outcome.message, { attempts, status: outcome.status, stopsRun: outcome.stopsRun });
    case 'again':
      return new LlmError(outcome.failure, outcome.message, { attempts, status: outcome.status });
  }
}
