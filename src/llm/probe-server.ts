import { findJsonObjects, withoutThinking } from '../domain/llm/find-json.ts';
import { STRUCTURED_LEVELS, type StructuredLevel } from './chat-body.ts';
import type { ChatReply, ChatRequest } from './chat-client.ts';
import { LlmError } from './llm-error.ts';

/** Asks the server once at a level. */
type Ask = (request: ChatRequest, level: StructuredLevel) => Promise<ChatReply>;

/** How far a server can be held to a schema, and what it said of itself on the way. */
export type Structured = { level: StructuredLevel; model: string; latencyMs: number };

const PROBE_TOKENS = 512;
const COLOURS = ['red', 'green', 'blue', 'yellow', 'black', 'white'] as const;

/** A plain green square, 64 × 64. */
const GREEN_SQUARE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAMAAACdt4HsAAAAA1BMVEUAoAAJfYEzAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAG0lEQVRYw+3BgQAAAADDoPlT3+AEVQEAAAB8AxBAAAEZszF2AAAAAElFTkSuQmCC';

/** What a model answers of its own accord to a greeting satisfies no schema. */
const GREETING: ChatRequest = {
  messages: [{ role: 'user', content: 'Say hello.' }],
  temperature: 0,
  maxTokens: PROBE_TOKENS,
  seed: 7,
  schema: {
    name: 'probe',
    jsonSchema: {
      type: 'object',
      properties: { word: { type: 'string', enum: ['hello'] }, number: { type: 'integer', minimum: 1, maximum: 5 } },
      required: ['word', 'number'],
      additionalProperties: false,
    },
  },
  check: (text) => (isGreeting(text) ? [] : ['the answer does not satisfy the schema']),
};

/** The best way of the ladder that works. Throws LlmError when the server answers nothing at all. */
export async function probeStructured(ask: Ask): Promise<Structured> {
  for (const level of STRUCTURED_LEVELS) {
    try {
      const { model, latencyMs } = await ask(GREETING, level);
      return { level, model, latencyMs };
    } catch (error) {
      if (!(error instanceof LlmError)) throw error;
      // A model that thinks at length runs out of tokens here; whether it keeps to the schema is seen later.
      if (error.details.isCut === true) return { level, model: '', latencyMs: 0 };
      if (!isAboutForm(error)) throw error;
      if (level === 'text' && error.failure === 'llm_invalid') return { level, model: '', latencyMs: 0 };
      if (level === 'text') throw error;
    }
  }
  throw new Error('the ladder has no end');
}

/** Whether a model sees: it has to name the colour of a picture. */
export async function probeSight(ask: (request: ChatRequest) => Promise<ChatReply>): Promise<boolean> {
  const jsonSchema = {
    type: 'object',
    properties: { colour: { type: 'string', enum: COLOURS } },
    required: ['colour'],
    additionalProperties: false,
  };
  const request: ChatRequest = {
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: `Which colour has this picture: ${COLOURS.join(', ')}? Answer as {"colour": …}.` },
          { type: 'image', dataUrl: GREEN_SQUARE },
        ],
      },
    ],
    temperature: 0,
    maxTokens: PROBE_TOKENS,
    seed: 7,
    schema: { name: 'colour', jsonSchema },
    check: (text) => (objectIn(text)?.['colour'] === 'green' ? [] : ['another colour']),
  };
  try {
    await ask(request);
    return true;
  } catch (error) {
    if (!(error instanceof LlmError)) throw error;
    if (isAboutForm(error) || error.details.status === 500) return false;
    throw error;
  }
}

function isAboutForm({ failure, details: { status } }: LlmError): boolean {
  return failure === 'llm_invalid' || status === 400 || status === 415 || status === 422;
}

function isGreeting(text: string): boolean {
  const found = objectIn(text);
  return found?.['word'] === 'hello' && Number.isInteger(found['number']);
}

function objectIn(text: string): Record<string, unknown> | undefined {
  const [found] = findJsonObjects(withoutThinking(text));
  return found;
}
