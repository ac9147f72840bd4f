import { isDeepStrictEqual } from 'node:util';

import type { Knex } from 'knex';

import type { PromptConfigModel } from '../../domain/enums.ts';
import { isPromptContent, setVersionConfig, toVersionModel, versionConfig, type PromptContent } from '../../domain/prompt-version.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { lockPromptConfig, updatePromptConfig, type NewPromptConfig } from './prompt-configs.ts';
import { activatePromptVersion, findActivePromptVersion, findHighestPromptVersion, findPromptVersion } from './prompt-versions.ts';

export type PromptChange = {
  model: PromptConfigModel;
  createdBy: string;
  /** Version that must be active, 0 for none: another one means that somebody was faster. */
  expect?: number | undefined;
};

export type SavedPrompt = { version: number; changed: boolean };

/**
 * Makes a content the active version, numbered after the highest of the model's history; the content that is active already
 * makes none. Throws UsageError `version_conflict` when another version than expected is active; the transaction must then be
 * rolled back.
 */
export async function savePrompt(
  trx: Knex.Transaction,
  change: PromptChange & { content: PromptContent; description?: string | undefined },
): Promise<SavedPrompt> {
  const { content, model } = change;
  const versionModel = toVersionModel(model);
  await lockPromptConfig(trx, toConfig(model, content, 1));
  const active = await findActivePromptVersion(trx, versionModel);
  assertExpected(change, active?.version ?? 0);
  const text = setVersionConfig(content);
  if (active !== undefined && isDeepStrictEqual(versionConfig(active), versionConfig(text))) {
    await updatePromptConfig(trx, toConfig(model, content, active.version)); // it may have been lost and made anew just now
    return { version: active.version, changed: false };
  }
  const version = (await findHighestPromptVersion(trx, versionModel)) + 1;
  await updatePromptConfig(trx, toConfig(model, content, version));
  const { createdBy, description = null } = change;
  await activatePromptVersion(trx, { model: versionModel, version, created_by: createdBy, change_description: description, ...text });
  return { version, changed: true };
}

/** Makes the content of an old version the active one again, as a new version: history is never rewritten. */
export async function rollBackPrompt(trx: Knex.Transaction, change: PromptChange & { to: number }): Promise<SavedPrompt> {
  const old = await findPromptVersion(trx, toVersionModel(change.model), change.to);
  if (old === undefined) throw new UsageError(`${change.model} has no version ${change.to}`, { code: 'no_such_version' });
  const content = versionConfig(old);
  if (!isPromptContent(content)) {
    throw new UsageError(`version ${change.to} of ${change.model} does not hold a whole configuration`, { code: 'bad_version' });
  }
  return savePrompt(trx, { ...change, content, description: `rollback to v${change.to}` });
}

function assertExpected(change: PromptChange, active: number): void {
  if (change.expect === undefined || change.expect === active) return;
  throw new UsageError(`version ${active} of ${change.model} is active, not ${change.expect}`, {
    code: 'version_conflict',
    hint: 'look at the active version and try again',
  });
}

function toConfig(model: PromptConfigModel, content: PromptContent, version: number): NewPromptConfig {
  const { system_prompt, temperature, max_tokens } = content;
  return { model, system_prompt, temperature, max_tokens, version };
}
