import { z } from 'zod';

import type { PromptConfigModel } from '../../domain/enums.ts';
import { DEFAULT_EVENT_PROMPT } from '../../domain/llm/default-prompt.ts';
import { promptConfigKeys, type PromptContent } from '../../domain/prompt-version.ts';
import { UsageError } from '../../errors/hs-error.ts';

const MOST_BYTES = 65_536;
const words = z.array(z.string().trim().min(1).max(200)).max(1000);

/** Of `promptConfigKeys`; which of them a model takes is said there. */
const KEYS = {
  system_prompt: z
    .string()
    .refine((text) => text.trim() !== '', 'is empty')
    .refine((text) => Buffer.byteLength(text) <= MOST_BYTES, 'has more than 64 KiB')
    .refine((text) => !text.includes('\0'), 'has a NUL character'),
  temperature: z.number().min(0, 'is not from 0 to 2').max(2, 'is not from 0 to 2'),
  max_tokens: z.int().min(100, 'is not from 100 to 8192').max(8192, 'is not from 100 to 8192'),
  queries: words,
  classes: words,
  confidence_threshold: z.number().min(0).max(1),
  action_classes: words,
  clothing_categories: words,
};

type Key = keyof typeof KEYS;

/** What a model without a configuration begins with; only the model of events has a text of its own. */
export function defaultContent(model: PromptConfigModel): Partial<PromptContent> {
  return model === 'nemotron' ? DEFAULT_EVENT_PROMPT : { temperature: 0.7, max_tokens: 2048 };
}

/**
 * What a file says: a JSON object gives the keys of the configuration, any other text is the system prompt.
 * Throws a usage error for text other than JSON where the model has no system prompt.
 */
export function readPromptText(model: PromptConfigModel, text: string): Record<string, unknown> {
  const content = text.replace(/^\uFEFF/, '');
  const parsed = parseObject(content);
  if (parsed !== undefined) return parsed;
  if (model === 'nemotron') return { system_prompt: content.trim() };
  const keys = promptConfigKeys(model).filter((key) => key !== 'system_prompt');
  throw new UsageError(`the configuration of ${model} is a JSON object`, { hint: `its keys: ${keys.join(', ')}` });
}

/** A whole configuration. Throws a usage error that names the first key that is wrong; `place` says where it came from. */
export function checkContent(model: PromptConfigModel, values: Record<string, unknown>, place = model as string): PromptContent {
  const known = promptConfigKeys(model);
  const unknown = Object.keys(values).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new UsageError(`${place}: ${JSON.stringify(unknown)} is not a key of this model`, { hint: `known: ${known.join(', ')}` });
  }
  const given: Record<string, unknown> = { ...values, system_prompt: values['system_prompt'] ?? listsText(model, values) };
  const checked = known.flatMap((key) => {
    if (given[key] === undefined && !isNeeded(key)) return [];
    const parsed = KEYS[key as Key].safeParse(given[key]);
    if (parsed.success) return [[key, parsed.data] as const];
    throw new UsageError(`${place}: ${key} ${parsed.error.issues[0]?.message.toLowerCase() ?? 'is not right'}`);
  });
  return Object.fromEntries(checked) as PromptContent;
}

function isNeeded(key: string): boolean {
  return ['system_prompt', 'temperature', 'max_tokens'].includes(key);
}

/** A model without a text of its own has its lists in place of one, as JSON whose keys are in order. */
function listsText(model: PromptConfigModel, values: Record<string, unknown>): string | undefined {
  if (model === 'nemotron') return undefined;
  const keys = promptConfigKeys(model).filter((key) => !isNeeded(key) && values[key] !== undefined);
  return JSON.stringify(Object.fromEntries(keys.sort().map((key) => [key, values[key]])));
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
