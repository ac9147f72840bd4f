import { z } from 'zod';
import type { ChatReply, LlmFailure } from './chat-client.ts';
import type { HttpAnswer } from './post-json.ts';

/** What an answer of the server means for the call. */
export type Outcome =
  | { kind: 'answered'; reply: Pick<ChatReply, 'text' | 'model' | 'promptTokens' | 'completionTokens'> }
  /** 200, but not what was asked for. `isCut`: it ran out of tokens. */
  | { kind: 'invalid'; text: string; problems: readonly string[]; isCut: boolean }
  /** `isDown`: the server does not work, as opposed to asking for patience. */
  | { kind: 'again'; failure: LlmFailure; message: string; isDown: boolean; status?: number; waitMs?: number | undefined }
  | { kind: 'too_long'; message: string; status: number }
  | { kind: 'over'; failure: LlmFailure; message: string; status?: number; stopsRun: boolean };

const count = z.int().min(0).nullish().catch(null);
const completion = z.object({
  model: z.string().catch(''),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish().catch(null),
});

const AGAIN = new Set([408, 409, 425, 429]);
const TOO_LONG = /exceed_context_size|maximum context|context.{0,24}(length|size|window)|(prompt|input|request).{0,24}too (long|large)/i;
const SHOWN_CHARS = 300;

/** Reads an HTTP answer; nothing in it is trusted. */
export function readAnswer(answer: HttpAnswer): Outcome {
  const { status, text } = answer;
  if (status >= 200 && status < 300) return readCompletion(text);
  const message = `${String(status)}${detail(answer)}`;
  if (status >= 500) return { kind: 'again', failure: 'llm_unreachable', message, isDown: true, status, waitMs: waitOf(answer) };
  if (AGAIN.has(status)) return { kind: 'again', failure: 'llm_http_4xx', message, isDown: false, status, waitMs: waitOf(answer) };
  if (status === 401 || status === 403) return { kind: 'over', failure: 'llm_refused', message, status, stopsRun: true };
  if ((status === 400 || status === 413) && TOO_LONG.test(text)) return { kind: 'too_long', message, status };
  return { kind: 'over', failure: 'llm_http_4xx', message, status, stopsRun: false };
}

function readCompletion(text: string): Outcome {
  const { data } = completion.safeParse(parseJson(text));
  const choice = data?.choices[0];
  if (data === undefined || choice === undefined) return invalid('', 'the server sent no completion');
  const reason = choice.finish_reason;
  const { refusal, content } = choice.message;
  if (refusal) return { kind: 'over', failure: 'llm_refused', message: `the model refused: ${shortened(refusal)}`, stopsRun: false };
  if (reason === 'content_filter')
    return { kind: 'over', failure: 'llm_refused', message: 'a filter of the server refused', stopsRun: false };
  if (reason === 'length') return { ...invalid(content ?? '', 'the answer was cut off: too few tokens'), isCut: true };
  if (!content?.trim()) return invalid('', 'the answer is empty');
  return { kind: 'answered', reply: { text: content, model: data.model, ...tokensOf(data.usage) } };
}

function invalid(text: string, problem: string): Extract<Outcome, { kind: 'invalid' }> {
  return { kind: 'invalid', text, problems: [problem], isCut: false };
}

function tokensOf(usage: z.infer<typeof completion>['usage']): Pick<ChatReply, 'promptTokens' | 'completionTokens'> {
  return { promptTokens: usage?.prompt_tokens ?? null, completionTokens: usage?.completion_tokens ?? null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const errorBody = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });

/** The server's own words, short; where it points to for a redirect. */
function detail({ status, text, location }: HttpAnswer): string {
  if (status >= 300 && status < 400) return ` redirects to ${location ?? 'nowhere'}: redirects are not followed`;
  const error = errorBody.safeParse(parseJson(text)).data?.error;
  const said = (typeof error === 'string' ? error : error?.message) ?? text;
  const line = shortened(said);
  return line === '' ? '' : ` ${line}`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > SHOWN_CHARS ? `${line.slice(0, SHOWN_CHARS)}…` : line;
}

/** Seconds or an HTTP date. */
function waitOf({ retryAfter }: HttpAnswer): number | undefined {
  if (retryAfter === null || retryAfter.trim() === '') return undefined;
  const seconds = Number(retryAfter);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(waitMs) && waitMs >= 0 ? waitMs : undefined;
}
