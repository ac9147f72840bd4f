import type { Knex } from 'knex';
import { z } from 'zod';

import { PROMPT_CONFIG_MODELS, type PromptConfigModel } from '../../domain/enums.ts';
import { toPromptConfigModel, type PromptContent } from '../../domain/prompt-version.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';
import { resolveTarget } from '../export/export-target.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { write } from './change-prompts.ts';
import { checkContent } from './prompt-content.ts';
import { findActivePrompt } from './prompt-versions.ts';

const FORMAT = 1;
const fileSchema = z.object({ format: z.literal(FORMAT), prompts: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** The active configuration of every model as a file that `importPrompts` reads; `path`: where it was written to. */
export async function exportPrompts(
  knex: Knex,
  { out = '-', folder, at }: { out?: string | undefined; folder: string; at: Date },
): Promise<{ text: string; count: number; path: string | undefined }> {
  const target = await resolveTarget({ out, folder, type: 'prompts', suffix: 'json', at });
  const prompts: Record<string, unknown> = {};
  for (const model of PROMPT_CONFIG_MODELS) {
    const active = await findActivePrompt(knex, model);
    if (active !== undefined) prompts[model] = active.content;
  }
  const text = `${JSON.stringify({ format: FORMAT, exported_at: at.toISOString(), prompts }, undefined, 2)}\n`;
  if (target.kind === 'file') await writeAtomically(target.path, [text]);
  return { text, count: Object.keys(prompts).length, path: target.kind === 'file' ? target.path : undefined };
}

export type ImportedPrompt = { model: string; result: 'changed' | 'unchanged' | 'skipped'; version: number | null };

/**
 * One new version for each model of the file whose content differs, all or none: the first that is wrong is named in the error.
 * Models that are not known are skipped.
 */
export async function importPrompts(
  knex: Knex,
  { text, actor, dryRun }: { text: string; actor: string; dryRun: boolean },
): Promise<ImportedPrompt[]> {
  const entries = parsePromptFile(text);
  return inTransaction(knex, { dryRun }, async (trx) => {
    const imported: ImportedPrompt[] = [];
    for (const { name, model, content } of entries) {
      if (model === undefined) {
        imported.push({ model: name, result: 'skipped', version: null });
        continue;
      }
      const { version, changed } = await write(trx, {
        model,
        active: await findActivePrompt(trx, model),
        content,
        actor,
        description: 'import',
      });
      imported.push({ model, result: changed ? 'changed' : 'unchanged', version });
    }
    return imported;
  });
}

type Entry = { name: string; model: PromptConfigModel; content: PromptContent } | { name: string; model: undefined; content: undefined };

function parsePromptFile(text: string): Entry[] {
  const file = fileSchema.safeParse(parseJson(text));
  if (!file.success) {
    const hint = '`hs prompts export` writes one: {"format": 1, "prompts": {"nemotron": {"system_prompt": …}}}';
    throw new UsageError('this is no file of prompts', { hint });
  }
  const entries = Object.entries(file.data.prompts).map(([name, values]): Entry => {
    const model = toPromptConfigModel(name);
    if (model === undefined) return { name, model, content: undefined };
    return { name, model, content: checkContent(model, values, `${name} of the file`) };
  });
  const twin = entries.find(({ model }, place) => model !== undefined && entries.findIndex((other) => other.model === model) !== place);
  if (twin !== undefined) throw new UsageError(`the file has ${String(twin.model)} twice`);
  return entries;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`this is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
