import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../errors/hs-error.ts';
import { CARD_FILE, weightsFileName } from '../../inference/model-store.ts';
import type { InstalledModel, ModelStore } from '../../inference/model-store.ts';
import type { ModelCard } from '../../inference/model-card.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';

const FOLDER_MODE = 0o700;

type Placing = { card: ModelCard; file: string; signal?: AbortSignal | undefined };

/**
 * Copies the weights into the store, then the card: the card is what makes a model installed, so a kill at any point leaves the
 * model that was there before, or none. Throws UsageError when the bytes are not the ones the card names; then nothing is kept.
 */
export async function placeWeights(store: ModelStore, { card, file, signal }: Placing): Promise<InstalledModel> {
  const folder = join(store.folder, card.id);
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const path = join(folder, weightsFileName(card.sha256));
  const hash = createHash('sha256');
  const beforeRename = (): Promise<void> => checkHash(hash.digest('hex'), card, file);
  await writeAtomically(path, hashing(createReadStream(file), hash), { beforeRename, ...(signal === undefined ? {} : { signal }) });
  await writeAtomically(join(folder, CARD_FILE), [`${JSON.stringify(card, undefined, 2)}\n`]);
  await removeOthers(folder, [CARD_FILE, weightsFileName(card.sha256)]);
  return { card, path, sha256: card.sha256 };
}

/** sha256 in lower-case hex and length of a file, read as a stream. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, signal === undefined ? {} : { signal }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

function checkHash(found: string, card: ModelCard, file: string): Promise<void> {
  if (found === card.sha256) return Promise.resolve();
  const error = new UsageError(`${JSON.stringify(file)} is not the file of the card ${card.id}: sha256 ${found}, expected ${card.sha256}`, {
    code: 'model_mismatch',
    hint: 'get the file the card names, or write a card of its own for this one (--card)',
  });
  return Promise.reject(error);
}

async function* hashing(chunks: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Earlier weights and temporary files of an installation that was killed. */
async function removeOthers(folder: string, kept: readonly string[]): Promise<void> {
  const names = await readdir(folder);
  await Promise.all(names.filter((name) => !kept.includes(name)).map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
