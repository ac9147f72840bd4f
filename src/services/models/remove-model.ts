import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../errors/hs-error.ts';
import { CARD_FILE, listModels } from '../../inference/model-store.ts';
import type { ModelStore } from '../../inference/model-store.ts';

/** Removes an installed model; detections made with it stay. Returns its folder. Throws UsageError when it is not installed. */
export async function removeModel(store: ModelStore, name: string, { dryRun }: { dryRun: boolean }): Promise<string> {
  const found = (await listModels(store)).find((model) => model.card.id === name && model.installed !== undefined);
  if (found === undefined)
    throw new UsageError(`model ${name} is not installed`, { code: 'model_not_installed', hint: '`hs models list` shows what is' });
  const folder = join(store.folder, found.card.id);
  if (dryRun) return folder;
  // Without its card a model counts as not installed, so a kill between the two leaves nothing half usable.
  await rm(join(folder, CARD_FILE), { force: true });
  await rm(folder, { recursive: true, force: true });
  return folder;
}
