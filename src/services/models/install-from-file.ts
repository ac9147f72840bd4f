import { stat } from 'node:fs/promises';
import { UsageError } from '../../errors/hs-error.ts';
import type { ModelCard } from '../../inference/model-card.ts';
import type { InstalledModel, ModelStore } from '../../inference/model-store.ts';
import { openSession } from '../../inference/open-session.ts';
import { checkLicence } from './check-licence.ts';
import { findCardFor } from './find-card.ts';
import { hashFile, placeWeights } from './place-weights.ts';

type InstallFromFileOptions = {
  file: string;
  cardFile?: string | undefined;
  name?: string | undefined;
  acceptLicence: boolean;
  signal?: AbortSignal | undefined;
};

// Weights are read into memory whole, and Node reads at most 2 GiB at once.
const LARGEST_BYTES = 2 ** 31 - 1;

/** Installs weights the user has. They are loaded once before: what `list` calls installed can be used. Throws UsageError or UnavailableError. */
export async function installFromFile(store: ModelStore, options: InstallFromFileOptions): Promise<InstalledModel> {
  const { file, signal } = options;
  await checkFile(file);
  const { sha256, bytes } = await hashFile(file, signal);
  const card = await findCardFor(store, { ...options, sha256, bytes });
  checkLicence(card, options.acceptLicence);
  await tryModel(card, file);
  return placeWeights(store, { card, file, signal });
}

/** Loads the model once and takes it down again: a card that does not fit is said now and not in the middle of a night's ingest. */
export async function tryModel(card: ModelCard, path: string): Promise<void> {
  const { session } = await openSession({ card, path, sha256: card.sha256 }, 'cpu');
  await session.release();
}

async function checkFile(file: string): Promise<void> {
  const stats = await stat(file).catch((error: unknown) => {
    throw new UsageError(`cannot read ${JSON.stringify(file)}: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (!stats.isFile()) throw new UsageError(`${JSON.stringify(file)} is not a file`);
  if (stats.size > LARGEST_BYTES) throw new UsageError(`${JSON.stringify(file)} is larger than 2 GiB, more than a model may have`);
}
