import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Size } from '../../../src/domain/box.ts';
import type { RgbPicture } from '../../../src/domain/picture.ts';
import type { Detector } from '../../../src/inference/detector.ts';
import { isDetector, isEmbedder, readShippedCards, openModelStore } from '../../../src/inference/model-store.ts';
import type { InstalledDetector, InstalledEmbedder, InstalledModel } from '../../../src/inference/model-store.ts';

const ASSETS = process.env['HS_TEST_ASSETS'] ?? fileURLToPath(new URL('../../../../shared/assets', import.meta.url));

/** Real models and pictures, where this machine has them. */
export const haveAssets = existsSync(join(ASSETS, 'models'));
export const skipNote = haveAssets ? '' : ' (skipped: no HS_TEST_ASSETS and no ../shared/assets)';

export function assetPath(...parts: string[]): string {
  return join(ASSETS, ...parts);
}

/** The shipped card of a detector with the weights that lie among the assets. */
export async function assetModel(id: string): Promise<InstalledDetector> {
  const model = await assetFile(id);
  if (!isDetector(model)) throw new Error(`${id} is no detector`);
  return model;
}

/** The same of an embedding model. */
export async function assetEmbedder(id: string): Promise<InstalledEmbedder> {
  const model = await assetFile(id);
  if (!isEmbedder(model)) throw new Error(`${id} makes no embeddings`);
  return model;
}

export async function assetFile(id: string): Promise<InstalledModel> {
  const cards = await readShippedCards(openModelStore('/nowhere'));
  const card = cards.find((each) => each.id === id);
  if (card === undefined) throw new Error(`no shipped card ${id}`);
  return { card, path: assetPath('models', `${id}.onnx`), sha256: card.sha256 };
}

/** Bicubic: the known answers were made with it, and boxes move by up to 7 px with other kernels. */
export async function decodeFor(detector: Detector, path: string): Promise<{ picture: RgbPicture; original: Size }> {
  const { width, height } = await sharp(path).metadata();
  const original = { width, height };
  const scaled = detector.planInput(original);
  const raw = await sharp(path)
    .resize(scaled.width, scaled.height, { fit: 'fill', kernel: 'cubic' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  return { picture: { ...scaled, data: raw }, original };
}
