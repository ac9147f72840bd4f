import type { Knex } from 'knex';

import type { AIModel } from '../../domain/enums.ts';

/** One row of `prompt_versions`, as stored. Only `is_active` ever changes. */
export type PromptVersionRow = {
  id: number;
  model: AIModel;
  version: number;
  created_at: Date;
  created_by: string | null;
  /** JSON object as text. */
  config_json: string;
  change_description: string | null;
  is_active: boolean;
};

export type NewPromptVersion = Omit<PromptVersionRow, 'id' | 'created_at' | 'is_active'>;

export async function findPromptVersion(knex: Knex, model: AIModel, version: number): Promise<PromptVersionRow | undefined> {
  return knex<PromptVersionRow>('prompt_versions').where({ model, version }).first();
}

export async function findActivePromptVersion(knex: Knex, model: AIModel): Promise<PromptVersionRow | undefined> {
  return knex<PromptVersionRow>('prompt_versions').where({ model, is_active: true }).first();
}

/** Newest first. */
export async function listPromptVersions(knex: Knex, model: AIModel, options: { limit?: number } = {}): Promise<PromptVersionRow[]> {
  const query = knex<PromptVersionRow>('prompt_versions').where({ model }).orderBy('version', 'desc');
  return options.limit === undefined ? query : query.limit(options.limit);
}

/** 0 when the model has no history. */
export async function findHighestPromptVersion(knex: Knex, model: AIModel): Promise<number> {
  const row = await knex('prompt_versions').where({ model }).max<{ highest: number | null }[]>('version as highest').first();
  return row?.highest ?? 0;
}

/** The old active version is cleared first: the index that allows one per model is not deferrable. */
export async function activatePromptVersion(trx: Knex.Transaction, version: NewPromptVersion): Promise<void> {
  await trx('prompt_versions').where({ model: version.model, is_active: true }).update({ is_active: false });
  await trx('prompt_versions').insert({ ...version, is_active: true });
}
