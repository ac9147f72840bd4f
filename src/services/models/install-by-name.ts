import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HsError, UnavailableError, UsageError } from '../../errors/hs-error.ts';
import { readShippedCards } from '../../inference/model-store.ts';
import type { InstalledModel, ModelStore } from '../../inference/model-store.ts';
import type { ModelCard } from '../../inference/model-card.ts';
import { nearestName } from '../../lib/nearest-name.ts';
import { checkLicence } from './check-licence.ts';
import { downloadFile } from './download-file.ts';
import type { DownloadOptions } from './download-file.ts';
import { tryModel } from './install-from-file.ts';
import { placeWeights } from './place-weights.ts';

type InstallByNameOptions = Pick<DownloadOptions, 'signal' | 'stallMs' | 'retryDelaysMs'> & {
  acceptLicence: boolean;
  onProgress?: (receivedBytes: number, totalBytes: number) => void;
};

// No id begins with a dot, so this is no model's folder.
const DOWNLOADS = '.downloads';

/** Downloads the weights of a shipped card and installs them. Throws UnavailableError, with a way out, when they cannot be had. */
export async function installByName(store: ModelStore, name: string, options: InstallByNameOptions): Promise<InstalledModel> {
  const card = await findShippedCard(store, name);
  checkLicence(card, options.acceptLicence);
  if (card.source.urls.length === 0) {
    throw new UnavailableError('model_no_download', `model ${name} has no known download address`, { hint: fromFileHint(card) });
  }
  const folder = join(store.folder, DOWNLOADS);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const partPath = join(folder, `${card.sha256}.part`);
  await downloadFromAny(card, partPath, options);
  await tryModel(card, partPath);
  const installed = await placeWeights(store, { card, file: partPath, signal: options.signal });
  await rm(partPath, { force: true });
  return installed;
}

/** The addresses in turn; the last one's error is told. */
async function downloadFromAny(card: ModelCard, partPath: string, options: InstallByNameOptions): Promise<void> {
  let failure: unknown;
  for (const url of card.source.urls) {
    try {
      const onProgress = (received: number): void => options.onProgress?.(received, card.bytes);
      await downloadFile({ ...options, url, partPath, sha256: card.sha256, bytes: card.bytes, onProgress });
      return;
    } catch (error) {
      options.signal?.throwIfAborted();
      failure = error;
    }
  }
  if (!(failure instanceof HsError)) throw failure;
  const hint = [failure.hint, fromFileHint(card)].filter((part) => part !== undefined).join('; or ');
  throw new HsError(failure.code, failure.exitCode, failure.message, { hint, cause: failure });
}

async function findShippedCard(store: ModelStore, name: string): Promise<ModelCard> {
  const cards = await readShippedCards(store);
  const card = cards.find((each) => each.id === name);
  if (card !== undefined) return card;
  const meant = nearestName(
    name,
    cards.map(({ id }) => id),
  );
  const hint =
    meant === undefined
      ? '`hs models list` shows the names; for a model of your own use --from FILE --card CARD.json'
      : `did you mean ${meant}?`;
  throw new UsageError(`no model is called ${JSON.stringify(name)}`, { code: 'model_unknown', hint });
}

function fromFileHint(card: ModelCard): string {
  return `get the file from ${card.source.homepage} and run \`hs models install ${card.id} --from FILE\` (sha256 ${card.sha256})`;
}
