import { UsageError } from '../../errors/hs-error.ts';
import { listModels } from '../../inference/model-store.ts';
import type { ModelStore } from '../../inference/model-store.ts';
import { hashFile } from './place-weights.ts';

export type VerifiedModel = { id: string; ok: boolean; result: string; path: string };

export const VERIFY_COLUMNS = ['id', 'ok', 'result', 'path'] as const;

/** Reads the weights of the named installed models, or of all, and compares their sha256 with their cards. Throws UsageError for a name that is not installed. */
export async function verifyModels(store: ModelStore, names: readonly string[], signal?: AbortSignal): Promise<VerifiedModel[]> {
  const installed = (await listModels(store)).flatMap(({ installed: model }) => (model === undefined ? [] : [model]));
  const unknown = names.find((name) => !installed.some(({ card }) => card.id === name));
  if (unknown !== undefined)
    throw new UsageError(`model ${unknown} is not installed`, { code: 'model_not_installed', hint: '`hs models list` shows what is' });
  const chosen = installed.filter(({ card }) => names.length === 0 || names.includes(card.id));
  const results: VerifiedModel[] = [];
  for (const { card, path, sha256 } of chosen) {
    const result = await compare(path, sha256, signal);
    results.push({ id: card.id, ok: result === 'ok', result, path });
  }
  return results;
}

async function compare(path: string, expected: string, signal: AbortSignal | undefined): Promise<string> {
  try {
    const { sha256 } = await hashFile(path, signal);
    return sha256 === expected ? 'ok' : `changed: sha256 ${sha256}, expected ${expected}`;
  } catch (error) {
    signal?.throwIfAborted();
    return `unreadable: ${error instanceof Error ? error.message : String(error)}`;
  }
}
