import { listModels } from '../../inference/model-store.ts';
import type { ListedModel, ModelStore } from '../../inference/model-store.ts';

/** Columns are stable and only ever added at the end. */
export const MODEL_COLUMNS = [
  'id',
  'status',
  'used',
  'family',
  'input',
  'classes',
  'licence',
  'bytes',
  'sha256',
  'download',
  'title',
  'path',
] as const;
export const MODEL_LIST_COLUMNS = ['id', 'status', 'used', 'input', 'licence', 'bytes', 'download', 'title'] as const;

export type ModelRecord = Readonly<Record<(typeof MODEL_COLUMNS)[number], string | number | boolean | null>>;

/** All models, shipped cards and the user's own. `wantedName` is the setting `detector.model`; `used` marks the one an ingest would take. */
export async function modelRecords(store: ModelStore, wantedName?: string): Promise<ModelRecord[]> {
  const models = await listModels(store);
  const used = models.find((model) => isUsable(model) && (wantedName === undefined || model.card.id === wantedName));
  return models.map((model) => toRecord(model, model === used));
}

function isUsable(model: ListedModel): boolean {
  return model.installed !== undefined && model.problem === undefined;
}

function toRecord({ card, installed, problem }: ListedModel, used: boolean): ModelRecord {
  return {
    id: card.id,
    status: installed === undefined ? 'not installed' : (problem ?? 'installed'),
    used,
    family: card.family,
    input: `${String(card.input.width)}×${String(card.input.height)}`,
    classes: card.classes === 'coco80' ? 'coco80' : card.classes.length,
    licence: card.licence,
    bytes: card.bytes,
    sha256: card.sha256,
    download: card.source.urls.length > 0,
    title: card.title,
    path: installed?.path ?? null,
  };
}
