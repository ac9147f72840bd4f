import { isDeepStrictEqual } from 'node:util';

import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { rollBackPrompt, savePrompt, type SavedPrompt } from '../../db/models/save-prompt.ts';
import type { PromptConfigModel } from '../../domain/enums.ts';
import { DEFAULT_EVENT_PROMPT } from '../../domain/llm/default-prompt.ts';
import type { PromptContent } from '../../domain/prompt-version.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { changedColumns, type ColumnChange } from '../lists/changed-columns.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { checkContent, defaultContent, readPromptText } from './prompt-content.ts';
import { findPromptModel } from './prompt-model.ts';
import { findActivePrompt, type PromptVersion } from './prompt-versions.ts';

type Act = { actor: string; /** Everything is checked, nothing is kept. */ dryRun: boolean };

/** Version that must be active. */
type Expecting = { expect?: number | undefined };

export type PromptOutcome = SavedPrompt & { model: PromptConfigModel; changes: ColumnChange[] };

export type SetPromptOptions = Act &
  Expecting & {
    model: string;
    /** Of a file; without it the text stays. */
    text?: string | undefined;
    temperature?: number | undefined;
    maxTokens?: number | undefined;
    description?: string | undefined;
  };

const MOST_DESCRIPTION_CHARS = 1000;

/** Makes a new version of what is given; what is not given stays. The content that is active already makes none. */
export async function setPrompt(knex: Knex, options: SetPromptOptions): Promise<PromptOutcome> {
  const { text, temperature, maxTokens, dryRun, description } = options;
  const model = findPromptModel(options.model);
  const given = {
    ...(text === undefined ? {} : readPromptText(model, text)),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
  };
  if (Object.keys(given).length === 0)
    throw new UsageError('there is nothing to set', { hint: 'give --file, --temperature or --max-tokens' });
  if (description !== undefined && description.length > MOST_DESCRIPTION_CHARS)
    throw new UsageError('--message has more than 1000 characters');
  return inTransaction(knex, { dryRun }, async (trx) => {
    const active = await findActivePrompt(trx, model);
    const content = checkContent(model, { ...baseOf(model, active, given), ...given });
    // Only part of it was given: somebody else's change to the rest must not get lost.
    return write(trx, { ...options, model, active, content, expect: options.expect ?? active?.version ?? 0 });
  });
}

/** The lists of a model are in its text, too: new lists need a new one. */
function baseOf(model: PromptConfigModel, active: PromptVersion | undefined, given: Record<string, unknown>): Record<string, unknown> {
  const { system_prompt: text, ...rest } = active?.content ?? defaultContent(model);
  return model === 'nemotron' || given['system_prompt'] !== undefined ? { system_prompt: text, ...rest } : rest;
}

export type RollbackOptions = Act & Expecting & { model: string; version: number };

/** Makes the content of an old version the active one again, as a new version. */
export async function rollBack(knex: Knex, options: RollbackOptions): Promise<PromptOutcome> {
  const model = findPromptModel(options.model);
  const { version: to, actor, expect } = options;
  return inTransaction(knex, options, async (trx) => {
    const active = await findActivePrompt(trx, model);
    if (to === 0 && model === 'nemotron') {
      return write(trx, { model, active, actor, expect, content: DEFAULT_EVENT_PROMPT, description: 'rollback to v0' });
    }
    const saved = await rollBackPrompt(trx, { model, createdBy: actor, expect, to });
    const content = (await findActivePrompt(trx, model))?.content ?? {};
    return audited(trx, { saved, model, active, actor, content, description: `rollback to v${String(to)}` });
  });
}

type Written = Expecting & {
  model: PromptConfigModel;
  active: PromptVersion | undefined;
  content: PromptContent;
  actor: string;
  description?: string | undefined;
};

/** Saves a content and its audit row. */
export async function write(
  trx: Knex.Transaction,
  { model, active, content, actor, expect, description }: Written,
): Promise<PromptOutcome> {
  const isBuiltIn = active?.version === 0 && isDeepStrictEqual(active.content, content);
  if (isBuiltIn && (expect === undefined || expect === 0)) return { model, version: 0, changed: false, changes: [] };
  const saved = await savePrompt(trx, { model, createdBy: actor, content, expect, description });
  return audited(trx, { saved, model, active, actor, content, description });
}

type Audited = Omit<Written, 'content' | 'expect'> & { saved: SavedPrompt; content: Record<string, unknown> };

async function audited(trx: Knex.Transaction, { saved, model, active, actor, content, description }: Audited): Promise<PromptOutcome> {
  const changes = saved.changed ? changedColumns(active?.content ?? {}, content) : [];
  if (saved.changed) {
    await insertAuditLog(trx, {
      action: 'prompt_updated',
      resource_type: 'prompt',
      resource_id: model,
      actor,
      details: { from_version: active?.version ?? 0, to_version: saved.version, description: description ?? null, changes },
    });
  }
  return { ...saved, model, changes };
}
