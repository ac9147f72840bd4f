import { promptConfigKeys } from '../../domain/prompt-version.ts';
import type { PromptVersion } from './prompt-versions.ts';

/** Columns of `hs prompts list` and `history` in their order; new ones are only ever added at the end. */
export const PROMPT_COLUMNS = [
  'model',
  'version',
  'is_active',
  'temperature',
  'max_tokens',
  'created_at',
  'created_by',
  'description',
  'system_prompt',
] as const;
export type PromptColumn = (typeof PROMPT_COLUMNS)[number];

export const PROMPT_LIST_COLUMNS = ['model', 'version', 'temperature', 'max_tokens', 'created_at', 'created_by', 'description'] as const;
export const PROMPT_HISTORY_COLUMNS = [
  'version',
  'is_active',
  'temperature',
  'max_tokens',
  'created_at',
  'created_by',
  'description',
] as const;

export type PromptRecord = Readonly<Record<PromptColumn, string | number | boolean | Date | null>>;

export function toPromptRecord({ content, ...version }: PromptVersion): PromptRecord {
  const { model, is_active, created_at, created_by, description } = version;
  const { system_prompt: text, temperature, max_tokens } = content;
  return {
    model,
    version: version.version,
    is_active,
    temperature: typeof temperature === 'number' ? temperature : null,
    max_tokens: typeof max_tokens === 'number' ? max_tokens : null,
    created_at,
    created_by,
    description,
    system_prompt: typeof text === 'string' ? text : null,
  };
}

/** All of a version, with the keys that only its model has. */
export function toFullPromptRecord(version: PromptVersion): Record<string, string | number | boolean | object | null> {
  const { system_prompt, ...record } = toPromptRecord(version);
  const own = promptConfigKeys(version.model).flatMap((key) => {
    const value = version.content[key] as string | number | object | undefined;
    return key in record || key === 'system_prompt' || value === undefined ? [] : [[key, value] as const];
  });
  return { ...record, ...Object.fromEntries(own), system_prompt };
}
