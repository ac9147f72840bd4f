import type { Knex } from 'knex';

import { PROMPT_CONFIG_MODELS } from '../../domain/enums.ts';
import { diffLines, type DiffLine } from '../../domain/line-diff.ts';
import { findPromptModel } from './prompt-model.ts';
import { toFullPromptRecord, toPromptRecord, type PromptRecord } from './prompt-record.ts';
import { findActivePrompt, getPromptVersion, listHistory, type PromptVersion } from './prompt-versions.ts';

/** What every model is asked with now; those that were never configured are left out. */
export async function listPrompts(knex: Knex): Promise<PromptRecord[]> {
  const active = await Promise.all(PROMPT_CONFIG_MODELS.map((model) => findActivePrompt(knex, model)));
  return active.filter((version) => version !== undefined).map(toPromptRecord);
}

/** Newest first; `limit` 0: all. */
export async function listPromptHistory(knex: Knex, name: string, limit: number): Promise<PromptRecord[]> {
  const history = await listHistory(knex, findPromptModel(name));
  return (limit === 0 ? history : history.slice(0, limit)).map(toPromptRecord);
}

export async function showPrompt(knex: Knex, name: string, version?: number): Promise<ReturnType<typeof toFullPromptRecord>> {
  return toFullPromptRecord(await getPromptVersion(knex, findPromptModel(name), version));
}

/** What the active version, or `to`, has otherwise than `from`: every line of both, none when they are the same. */
export async function diffPrompts(knex: Knex, name: string, versions: { from: number; to?: number | undefined }): Promise<DiffLine[]> {
  const model = findPromptModel(name);
  const [from, to] = [await getPromptVersion(knex, model, versions.from), await getPromptVersion(knex, model, versions.to)];
  const lines = diffLines(linesOf(from), linesOf(to));
  return lines.some(({ op }) => op !== ' ') ? lines : [];
}

function linesOf({ content }: PromptVersion): string[] {
  const { system_prompt: text, ...rest } = content;
  const settings = Object.entries(rest).flatMap(([key, value]) =>
    Array.isArray(value) ? [`${key}:`, ...value.map((item) => `  ${String(item)}`)] : [`${key}: ${JSON.stringify(value)}`],
  );
  return [...settings, ...(typeof text === 'string' ? text.split('\n') : [])];
}

/** The text of a model as a person edits it: the prompt of events, else the keys as JSON. */
export async function editableText(knex: Knex, name: string): Promise<string> {
  const model = findPromptModel(name);
  const content = (await findActivePrompt(knex, model))?.content ?? {};
  const { system_prompt: text, ...rest } = content;
  return `${model === 'nemotron' && typeof text === 'string' ? text : JSON.stringify(rest, undefined, 2)}\n`;
}
