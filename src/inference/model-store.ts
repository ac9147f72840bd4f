import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UnavailableError, UsageError } from '../errors/hs-error.ts';
import { parseModelCard } from './model-card.ts';
import type { DetectorCard, EmbeddingCard, FinderTask, ModelCard, ParsedCard } from './model-card.ts';

/** `folder`: one sub-folder per installed model. `cardsFolder`: the cards that came with the program. */
export type ModelStore = { folder: string; cardsFolder: string };

/** Plain data, so that it can be sent to worker processes. */
export type InstalledModel<Card extends ModelCard = ModelCard> = { card: Card; path: string; sha256: string };
export type InstalledDetector = InstalledModel<DetectorCard>;
export type InstalledEmbedder = InstalledModel<EmbeddingCard>;

/** A model as listed: shipped as a card, installed, or both; `problem` when what is installed cannot be used. */
export type ListedModel = { card: ModelCard; shipped: boolean; installed?: InstalledModel; problem?: string };

/** Name of the card in an installed model's folder; it is written last and thus marks a finished installation. */
export const CARD_FILE = 'card.json';

// `src/inference` and `dist/inference` lie equally deep in the package.
const SHIPPED_CARDS = fileURLToPath(new URL('../../models/', import.meta.url));

export function openModelStore(home: string, cardsFolder: string = SHIPPED_CARDS): ModelStore {
  return { folder: join(home, 'models'), cardsFolder };
}

/** The weights carry the start of their sha256 in their name: a new version lies beside the old one until its card is in place. */
export function weightsFileName(sha256: string): string {
  return `${sha256.slice(0, 16)}.onnx`;
}

/** Cards that came with the program, most preferred first. */
export async function readShippedCards(store: ModelStore): Promise<ModelCard[]> {
  const names = (await readdir(store.cardsFolder)).filter((name) => name.endsWith('.json'));
  const cards = await Promise.all(names.map((name) => readCard(join(store.cardsFolder, name))));
  return cards.flatMap((parsed) => ('card' in parsed ? [parsed.card] : [])).sort(byPreference);
}

/** Installed and installable models, most preferred first. Hashes nothing: use `hs models verify` for that. */
export async function listModels(store: ModelStore): Promise<ListedModel[]> {
  const shipped = await readShippedCards(store);
  const installed = await readInstalled(store);
  const shippedIds = new Set(shipped.map((card) => card.id));
  const listed = shipped.map((card) => installed.get(card.id) ?? { card, shipped: true });
  const own = [...installed.values()].filter(({ card }) => !shippedIds.has(card.id));
  return [...listed, ...own]
    .map((model) => ({ ...model, shipped: shippedIds.has(model.card.id) }))
    .sort((a, b) => byPreference(a.card, b.card));
}

/** The installed model of that name. Throws UsageError when there is none or it cannot be used. */
export async function findInstalledModel(store: ModelStore, name: string): Promise<InstalledModel> {
  const models = await listModels(store);
  const found = models.find((model) => model.card.id === name);
  if (found?.installed !== undefined && found.problem === undefined) return found.installed;
  const usable = models.flatMap((model) => (model.installed !== undefined && model.problem === undefined ? [model.card.id] : []));
  const hint = usable.length === 0 ? 'no model is installed' : `installed: ${usable.join(', ')}`;
  if (found === undefined)
    throw new UsageError(`no model is called "${name}"`, { code: 'model_unknown', hint: `${hint}; \`hs models list\` shows all` });
  const problem = found.problem ?? 'is not installed';
  throw new UnavailableError('model_not_installed', `model ${name} ${problem}`, { hint: `\`hs models install ${name}\`; ${hint}` });
}

/** The detector that was named, else the most preferred installed one, else none: then the built-in motion detector does the work. */
export async function chooseModel(store: ModelStore, wantedName?: string): Promise<InstalledDetector | undefined> {
  if (wantedName === undefined) return (await usableModels(store)).find(isDetector);
  const model = await findInstalledModel(store, wantedName);
  if (isDetector(model)) return model;
  throw new UsageError(`model ${wantedName} is no detector`, { code: 'model_unfit', hint: '`hs models list` shows what each is for' });
}

/** The embedding model that was named, else the most preferred installed one, else none. */
export async function chooseEmbedder(store: ModelStore, wantedName?: string): Promise<InstalledEmbedder | undefined> {
  if (wantedName === undefined) return (await usableModels(store)).find(isEmbedder);
  const model = await findInstalledModel(store, wantedName);
  if (isEmbedder(model)) return model;
  throw new UsageError(`model ${wantedName} makes no embeddings`, { code: 'model_unfit', hint: '`hs models list` shows what each is for' });
}

/** The most preferred installed model that looks for this, if there is one. */
export async function chooseFinder(store: ModelStore, task: Exclude<FinderTask, 'detection'>): Promise<InstalledDetector | undefined> {
  return (await usableModels(store)).find((model): model is InstalledDetector => model.card.task === task);
}

async function usableModels(store: ModelStore): Promise<InstalledModel[]> {
  const models = await listModels(store);
  return models.flatMap(({ installed, problem }) => (installed === undefined || problem !== undefined ? [] : [installed]));
}

/** Of objects, as an ingest needs it. */
export function isDetector(model: InstalledModel): model is InstalledDetector {
  return model.card.task === 'detection';
}

/** Of objects, or of something on them. */
export function isFinder(model: InstalledModel): model is InstalledDetector {
  return model.card.task !== 'embedding';
}

export function isEmbedder(model: InstalledModel): model is InstalledEmbedder {
  return model.card.task === 'embedding';
}

async function readInstalled(store: ModelStore): Promise<Map<string, ListedModel>> {
  const entries = await readdir(store.folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const models = await Promise.all(folders.map((entry) => readInstalledModel(store, entry.name)));
  return new Map(models.flatMap((model) => (model === undefined ? [] : [[model.card.id, model] as const])));
}

/** A folder without a card is an installation that was never finished, and counts as none. */
async function readInstalledModel(store: ModelStore, id: string): Promise<ListedModel | undefined> {
  const folder = join(store.folder, id);
  const parsed = await readCard(join(folder, CARD_FILE));
  if ('problem' in parsed || parsed.card.id !== id) return undefined;
  const { card } = parsed;
  const path = join(folder, weightsFileName(card.sha256));
  const size = await stat(path).then(
    (stats) => stats.size,
    () => undefined,
  );
  const model: ListedModel = { card, shipped: false, installed: { card, path, sha256: card.sha256 } };
  if (size === card.bytes) return model;
  return {
    ...model,
    problem: size === undefined ? 'has lost its weights' : `is damaged: ${String(size)} bytes, not ${String(card.bytes)}`,
  };
}

/** Reads and checks one card. A missing or unreadable file is a problem like any other. */
export async function readCard(path: string): Promise<ParsedCard> {
  try {
    return parseModelCard(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function byPreference(a: ModelCard, b: ModelCard): number {
  return b.preference - a.preference || (a.id < b.id ? -1 : 1);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
