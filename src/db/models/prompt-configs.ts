import type { Knex } from 'knex';

import type { PromptConfigModel } from '../../domain/enums.ts';

/** One row of `prompt_configs`, as stored: what a model is asked with now. */
export type PromptConfigRow = {
  id: number;
  model: PromptConfigModel;
  system_prompt: string;
  temperature: number;
  max_tokens: number;
  /** The active one of the model's history. */
  version: number;
  created_at: Date;
  updated_at: Date;
};

export type NewPromptConfig = Omit<PromptConfigRow, 'id' | 'created_at' | 'updated_at'>;

export async function findPromptConfig(knex: Knex, model: PromptConfigModel): Promise<PromptConfigRow | undefined> {
  return knex<PromptConfigRow>('prompt_configs').where({ model }).first();
}

export async function listPromptConfigs(knex: Knex): Promise<PromptConfigRow[]> {
  return knex<PromptConfigRow>('prompt_configs').orderBy('model');
}

/** Locks the model's row until the transaction ends; makes it from `first` when there is none. */
export async function lockPromptConfig(trx: Knex.Transaction, first: NewPromptConfig): Promise<void> {
  if (await lockRow(trx, first.model)) return;
  await trx('prompt_configs').insert(first).onConflict('model').ignore(); // waits while another makes it
  await lockRow(trx, first.model);
}

async function lockRow(trx: Knex.Transaction, model: PromptConfigModel): Promise<boolean> {
  return (await trx('prompt_configs').where({ model }).forUpdate().first('id')) !== undefined;
}

export async function updatePromptConfig(trx: Knex.Transaction, config: NewPromptConfig): Promise<void> {
  const { model, ...columns } = config;
  await trx('prompt_configs').where({ model }).update(columns);
}
