import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RgbPicture } from '../../../src/domain/picture.ts';
import { parseModelCard } from '../../../src/inference/model-card.ts';
import type { CardOf, DetectorCard, ModelCard } from '../../../src/inference/model-card.ts';
import type { InstalledDetector } from '../../../src/inference/model-store.ts';
import { ECHO_SIDE, echoModel } from './tiny-onnx.ts';

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

type CardParts = { id?: string; family?: DetectorCard['family'] } & Record<string, unknown>;

/** A card for the echo model as JSON; `input` given here is merged into its own. */
export function echoCardJson(
  bytes: Uint8Array,
  { input, ...parts }: CardParts & { input?: Record<string, unknown> } = {},
): Record<string, unknown> {
  return {
    id: 'echo',
    title: 'Echo',
    family: 'end-to-end',
    input: { name: 'images', width: ECHO_SIDE, height: ECHO_SIDE, channelOrder: 'rgb', fit: 'stretch', ...input },
    outputs: { predictions: 'output0' },
    classes: ['zero', 'one', 'two'],
    scoreMeaning: 'a pixel',
    licence: 'CC0-1.0',
    sha256: sha256Of(bytes),
    bytes: bytes.length,
    source: { homepage: 'https://example.org/echo' },
    ...parts,
  };
}

export function toCard<Family extends ModelCard['family']>(json: Record<string, unknown>, family: Family): CardOf<Family> {
  const parsed = parseModelCard({ ...json, family });
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.card as CardOf<Family>;
}

/** The model as a file in a folder of its own, with a card that fits it. */
export async function placeModel(
  bytes: Uint8Array = echoModel(),
  parts: Parameters<typeof echoCardJson>[1] = {},
): Promise<InstalledDetector> {
  const path = join(await mkdtemp(join(tmpdir(), 'hs-model-')), 'model.onnx');
  await writeFile(path, bytes);
  const card = toCard(echoCardJson(bytes, parts), parts.family ?? 'end-to-end');
  return { card, path, sha256: card.sha256 };
}

/** A 16×16 picture that the echo model turns into these rows of `x1, y1, x2, y2, score, class`; scores are whole numbers up to 255. */
export function echoPicture(rows: readonly number[][]): RgbPicture {
  const area = ECHO_SIDE * ECHO_SIDE;
  const data = new Uint8Array(area * 3);
  for (const [position, value] of rows.flat().entries()) data[(position % area) * 3 + Math.floor(position / area)] = value;
  return { width: ECHO_SIDE, height: ECHO_SIDE, data };
}
