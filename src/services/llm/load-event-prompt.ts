import type { Knex } from 'knex';

import { findRunningExperiment } from '../../db/models/experiments.ts';
import { findActivePromptVersion, findPromptVersion } from '../../db/models/prompt-versions.ts';
import { DEFAULT_EVENT_PROMPT } from '../../domain/llm/default-prompt.ts';
import { isPromptContent, versionConfig, type PromptContent } from '../../domain/prompt-version.ts';
import { UsageError } from '../../errors/hs-error.ts';

/** What the model of events is asked with; version 0 is the text that comes with hs. */
export type EventPrompt = { version: number; content: PromptContent };

/** The active version, or the one that is named. Throws a usage error for one that there is not. */
export async function loadEventPrompt(knex: Knex, version?: number): Promise<EventPrompt> {
  if (version === 0) return { version: 0, content: DEFAULT_EVENT_PROMPT };
  const row = version === undefined ? await findActivePromptVersion(knex, 'nemotron') : await findPromptVersion(knex, 'nemotron', version);
  if (row === undefined && version === undefined) return { version: 0, content: DEFAULT_EVENT_PROMPT };
  if (row === undefined) {
    const hint = '`hs prompts history nemotron` lists them; 0 is the text that comes with hs';
    throw new UsageError(`nemotron has no version ${String(version)}`, { code: 'no_such_version', hint });
  }
  const content = versionConfig(row);
  if (isPromptContent(content)) return { version: row.version, content };
  throw new UsageError(`version ${String(row.version)} of nemotron does not hold a whole configuration`, { code: 'bad_version' });
}

/** Versions that events are judged with now: the active one, or those of a running experiment. */
export async function currentPromptVersions(knex: Knex): Promise<number[]> {
  const experiment = await findRunningExperiment(knex);
  if (experiment !== undefined) return [experiment.control_version, experiment.treatment_version];
  return [(await loadEventPrompt(knex)).version];
}
