import { readFile } from 'node:fs/promises';

import { UsageError } from '../../errors/hs-error.ts';
import { createLlmClient, type LlmClient, type LlmOptions } from '../../llm/llm-client.ts';

/** The settings `llm.*`. */
export type LlmSettings = {
  baseUrl?: string | undefined;
  model?: string | undefined;
  apiKey?: string | undefined;
  apiKeyFile?: string | undefined;
  concurrency: number;
  vision: 'auto' | 'on' | 'off';
  context: number;
  deadlineS: number;
};

/** Whether a language model is set up. */
export function hasLlm({ baseUrl }: Pick<LlmSettings, 'baseUrl'>): boolean {
  return baseUrl !== undefined;
}

/** A client of the model that is set up. Throws a usage error when there is none, or its key cannot be read. Nothing is sent yet. */
export async function openLlm(settings: LlmSettings, policy: LlmOptions['policy'] = {}): Promise<{ client: LlmClient; model: string }> {
  const { baseUrl, model, concurrency, vision, deadlineS } = settings;
  if (baseUrl === undefined) {
    const hint = 'set llm.base_url and llm.model, as with `hs config set llm.base_url http://localhost:8080`';
    throw new UsageError('no language model is set up', { code: 'llm_not_configured', hint });
  }
  if (model === undefined) throw new UsageError('llm.base_url is set, but not llm.model', { hint: 'name the model as the server does' });
  const apiKey = await readKey(settings);
  const limits = { concurrency, deadlineMs: deadlineS * 1000, ...policy };
  return { client: createLlmClient({ baseUrl, model, apiKey, vision, policy: limits }), model };
}

/** The same for those who do without one. */
export async function openChat(settings: LlmSettings): Promise<LlmClient | undefined> {
  return hasLlm(settings) ? (await openLlm(settings)).client : undefined;
}

async function readKey({ apiKey, apiKeyFile }: LlmSettings): Promise<string | undefined> {
  if (apiKeyFile === undefined) return apiKey;
  if (apiKey !== undefined) throw new UsageError('both llm.api_key and llm.api_key_file are set', { hint: 'keep one of them' });
  const key = (await readText(apiKeyFile)).trim();
  // A header takes no line ends, and the error that says so would show the key.
  if (!/^[\x21-\x7e]+$/.test(key)) throw new UsageError(`llm.api_key_file ${apiKeyFile} does not hold one key in one line`);
  return key;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`llm.api_key_file ${path} cannot be read (${reason})`);
  }
}
