import { resolve } from 'node:path';
import sharp from 'sharp';

import { PASSING_GROUPS } from '../../src/domain/scene/scene-measure.ts';
import { toStoredBox } from '../../src/domain/box.ts';
import { groupOf } from '../../src/domain/classes.ts';
import type { SceneLook } from '../../src/domain/scene/scene-watch.ts';
import { createDetector, type Detector } from '../../src/inference/detector.ts';
import { isDetector, openModelStore, readShippedCards } from '../../src/inference/model-store.ts';
import type { Frame } from './views.ts';

const SCORE_FLOOR = 0.25;

/** The detector of the product, with its shipped card; without weights none. */
export async function openDetector(weights: string | undefined): Promise<Detector | undefined> {
  if (weights === undefined) return undefined;
  const path = resolve(weights);
  const card = (await readShippedCards(openModelStore('/nowhere'))).find(({ id }) => path.endsWith(`${id}.onnx`));
  if (card === undefined) throw new Error(`no shipped card for ${path}`);
  const model = { card, path, sha256: card.sha256 };
  if (!isDetector(model)) throw new Error(`${card.id} is no detector`);
  return createDetector({ model, device: 'cpu', scoreFloor: SCORE_FLOOR });
}

/** People, vehicles and animals of a frame: what a look leaves out. */
export async function findPassing(detector: Detector | undefined, frame: Frame): Promise<SceneLook['passing']> {
  if (detector === undefined) return [];
  const { width, height } = detector.planInput(frame);
  const raw = { width: frame.width, height: frame.height, channels: 3 } as const;
  const data = await sharp(frame.data, { raw }).resize({ width, height, fit: 'fill' }).raw().toBuffer();
  const found = await detector.detect({ width, height, data }, frame);
  return found
    .filter(({ label }) => PASSING_GROUPS.includes(groupOf(label)))
    .map(({ label, box }) => ({ label, box: toStoredBox(box, frame) }));
}
