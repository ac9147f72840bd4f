import { listModels } from '../../inference/model-store.ts';
import type { ModelCard } from '../../inference/model-card.ts';
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
  'task',
] as const;
export const MODEL_LIST_COLUMNS = ['id', 'task', 'status', 'used', 'input', 'licence', 'bytes', 'download', 'title'] as const;

export type ModelRecord = Readonly<Record<(typeof MODEL_COLUMNS)[number], string | number | boolean | null>>;

/** What `--sort` takes. */
export const MODEL_SORT_FIELDS = ['id', 'status', 'family', 'licence', 'bytes'] as const;

/** The records by one of their fields; without `sort` as they are, most preferred first. */
export function sortModels(
  models: readonly ModelRecord[],
  sort: { field: (typeof MODEL_SORT_FIELDS)[number]; descending: boolean } | undefined,
): ModelRecord[] {
  if (sort === undefined) return [...models];
  const sign = sort.descending ? -1 : 1;
  return models.toSorted((a, b) => sign * compare(a[sort.field], b[sort.field]) || compare(a.id, b.id));
}

function compare(a: ModelRecord[keyof ModelRecord], b: ModelRecord[keyof ModelRecord]): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : Number(a !== b);
}

const OTHER_TASKS = ['embedding', 'threats', 'faces', 'plates'] as const satisfies ModelCard['task'][];

/**
 * All models, shipped cards and the user's own. `wantedName` is the setting `detector.model`; `used` marks the detector that an ingest
 * would take, and for each other task the model that would do it, where that is switched on.
 */
export async function modelRecords(store: ModelStore, wantedName?: string): Promise<ModelRecord[]> {
  const models = await listModels(store);
  const detector = models.find((model) => isUsable(model, 'detection') && (wantedName === undefined || model.card.id === wantedName));
  const others = OTHER_TASKS.map((task) => models.find((model) => isUsable(model, task)));
  return models.map((model) => toRecord(model, model === detector || others.includes(model)));
}

function isUsable(model: ListedModel, task: ModelCard['task']): boolean {
  return model.card.task === task && model.installed !== undefined && model.problem === undefined;
}

function toRecord({ card, installed, problem }: ListedModel, used: boolean): ModelRecord {
  return {
    id: card.id,
    status: installed === undefined ? 'not installed' : (problem ?? 'installed'),
    used,
    family: card.family,
    input: `${String(card.input.width)}×${String(card.input.height)}`,
    classes: classesOf(card),
    licence: card.licence,
    bytes: card.bytes,
    sha256: card.sha256,
    download: card.source.urls.length > 0,
    title: card.title,
    path: installed?.path ?? null,
    task: card.task,
  };
}

function classesOf(card: ModelCard): string | number | null {
  if (card.task === 'embedding') return null;
  return card.classes === 'coco80' ? 'coco80' : card.classes.length;
}
