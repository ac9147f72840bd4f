import { UsageError } from '../../errors/hs-error.ts';
import { listModels } from '../../inference/model-store.ts';
import type { ListedModel, ModelStore } from '../../inference/model-store.ts';
import { nearestName } from '../../lib/nearest-name.ts';

export type { ListedModel } from '../../inference/model-store.ts';

/** The named model, installed or not. Throws UsageError when there is no card of that name. */
export async function showModel(store: ModelStore, name: string): Promise<ListedModel> {
  const models = await listModels(store);
  const found = models.find(({ card }) => card.id === name);
  if (found !== undefined) return found;
  const meant = nearestName(
    name,
    models.map(({ card }) => card.id),
  );
  throw new UsageError(`no model is called ${JSON.stringify(name)}`, {
    code: 'model_unknown',
    hint: meant === undefined ? '`hs models list` shows the names' : `did you mean ${meant}?`,
  });
}
