import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstalledEmbedder } from '../../../src/inference/model-store.ts';
import { sha256Of, toCard } from './tiny-models.ts';
import { pixelsModel, PIXELS_LENGTH, PIXELS_SIDE } from './tiny-onnx.ts';

/** A card for the model whose vector is the picture itself; `input` given here is merged into its own. */
export function pixelsCardJson(
  bytes: Uint8Array,
  parts: { input?: Record<string, unknown> } & Record<string, unknown> = {},
): Record<string, unknown> {
  const { input, ...others } = parts;
  return {
    id: 'pixels',
    title: 'Pixels',
    family: 'embedding',
    input: { name: 'inputs', width: PIXELS_SIDE, height: PIXELS_SIDE, channelOrder: 'bgr', fit: 'stretch', layout: 'nhwc', ...input },
    outputs: { embedding: 'descriptor' },
    dimension: PIXELS_LENGTH,
    licence: 'CC0-1.0',
    sha256: sha256Of(bytes),
    bytes: bytes.length,
    source: { homepage: 'https://example.org/pixels' },
    ...others,
  };
}

/** The model as a file in a folder of its own, with a card that fits it. */
export async function placeEmbedder(parts: Parameters<typeof pixelsCardJson>[1] = {}): Promise<InstalledEmbedder> {
  const bytes = pixelsModel();
  const path = join(await mkdtemp(join(tmpdir(), 'hs-model-')), 'model.onnx');
  await writeFile(path, bytes);
  const card = toCard(pixelsCardJson(bytes, parts), 'embedding');
  return { card, path, sha256: card.sha256 };
}
