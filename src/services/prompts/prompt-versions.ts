import type { Knex } from 'knex';

import { findActivePromptVersion, findPromptVersion, listPromptVersions, type PromptVersionRow } from '../../db/models/prompt-versions.ts';
import type { PromptConfigModel } from '../../domain/enums.ts';
import { DEFAULT_EVENT_PROMPT } from '../../domain/llm/default-prompt.ts';
import { toVersionModel, versionConfig } from '../../domain/prompt-version.ts';
import { UsageError } from '../../errors/hs-error.ts';

/** A version of a configuration; of the model of events 0 is what comes with hs. */
export type PromptVersion = {
  model: PromptConfigModel;
  version: number;
  is_active: boolean;
  created_at: Date | null;
  created_by: string | null;
  description: string | null;
  content: Record<string, unknown>;
};

/** The active version; undefined for a model that was never configured. */
export async function findActivePrompt(knex: Knex, model: PromptConfigModel): Promise<PromptVersion | undefined> {
  const row = await findActivePromptVersion(knex, toVersionModel(model));
  if (row !== undefined) return toPromptVersion(model, row);
  return model === 'nemotron' ? builtIn(true) : undefined;
}

/** The active version, or the one that is named. Throws a usage error when there is none. */
export async function getPromptVersion(knex: Knex, model: PromptConfigModel, version?: number): Promise<PromptVersion> {
  const active = await findActivePrompt(knex, model);
  if (version === undefined || version === active?.version) {
    if (active !== undefined) return active;
    throw new UsageError(`${model} has no configuration yet`, {
      code: 'not_found',
      hint: `\`hs prompts set ${model} --file FILE\` makes one`,
    });
  }
  if (version === 0 && model === 'nemotron') return builtIn(false);
  const row = await findPromptVersion(knex, toVersionModel(model), version);
  if (row !== undefined) return toPromptVersion(model, row);
  const hint = `\`hs prompts history ${model}\` lists them`;
  throw new UsageError(`${model} has no version ${String(version)}`, { code: 'no_such_version', hint });
}

/** Newest first. */
export async function listHistory(knex: Knex, model: PromptConfigModel): Promise<PromptVersion[]> {
  const rows = await listPromptVersions(knex, toVersionModel(model));
  const stored = rows.map((row) => toPromptVersion(model, row));
  return model === 'nemotron' ? [...stored, builtIn(stored.length === 0)] : stored;
}

function builtIn(isActive: boolean): PromptVersion {
  return {
    model: 'nemotron',
    version: 0,
    is_active: isActive,
    created_at: null,
    created_by: null,
    description: 'comes with hs',
    content: DEFAULT_EVENT_PROMPT,
  };
}

function toPromptVersion(model: PromptConfigModel, row: PromptVersionRow): PromptVersion {
  const { version, is_active, created_at, created_by, change_description: description } = row;
  return { model, version, is_active, created_at, created_by, description, content: versionConfig(row) };
}
