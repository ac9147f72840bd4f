import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { createDetector } from '../../src/inference/detector.ts';
import type { DetectorCard } from '../../src/inference/model-card.ts';
import type { InstalledDetector } from '../../src/inference/model-store.ts';
import { openModelStore, readShippedCards } from '../../src/inference/model-store.ts';
import { decodeStill } from '../../src/media/decode-still.ts';
import { averagePrecision } from './average-precision.ts';
import type { Found } from './average-precision.ts';
import { readCoco } from './coco.ts';
import type { CocoImage } from './coco.ts';
import { hasReference, openReference } from './reference.ts';

// Low, as COCO's figure asks for: precision is wanted at every recall.
const SCORE_FLOOR = 0.001;
const MOST_BOXES = 300;
const LARGEST_DIFFERENCE = 1.5;

type Options = { coco: string; models: string; only?: string[]; device: 'cpu' };

const options = new Command('bench/accuracy')
  .description('Average precision of each model through the product, and through a plain second implementation, on a COCO-format folder')
  .requiredOption('--coco <folder>', 'images with their instances.json')
  .requiredOption('--models <folder>', 'weights, named after the ids of the shipped cards: <id>.onnx')
  .option('--only <ids...>', 'only these models')
  .option('--device <device>', 'for the product side', 'cpu')
  .parse()
  .opts<Options>();

/** Decoded by the product, fed by the product, read by the product. */
async function detectAll(model: InstalledDetector, images: readonly CocoImage[]): Promise<{ found: Found[][]; medianMs: number }> {
  const detector = await createDetector({ model, device: options.device, scoreFloor: SCORE_FLOOR, maxBoxes: MOST_BOXES });
  const found: Found[][] = [];
  const durationsMs: number[] = [];
  for (const image of images) {
    const file = { path: path.resolve(image.path), root: path.dirname(path.resolve(image.path)) };
    const { picture, original } = await decodeStill(file, (size) => detector.planInput(size));
    const startedMs = performance.now();
    const detections = await detector.detect(picture, original);
    durationsMs.push(performance.now() - startedMs);
    found.push(detections.map(({ label, score, box }) => ({ label, score, box: [box.x1, box.y1, box.x2, box.y2] })));
  }
  await detector.close();
  return { found, medianMs: durationsMs.sort((a, b) => a - b)[Math.floor(durationsMs.length / 2)] ?? 0 };
}

async function referenceAll(modelId: string, weights: string, images: readonly CocoImage[]): Promise<Found[][]> {
  const reference = await openReference(modelId, weights);
  const found: Found[][] = [];
  for (const image of images) found.push(await reference.detect(image.path));
  await reference.close();
  return found;
}

const images = await readCoco(options.coco);
const cards = await readShippedCards(openModelStore(options.models));
const detectors = cards.filter((card): card is DetectorCard => card.task === 'detection');
const chosen = detectors.filter(({ id }) => options.only === undefined || options.only.includes(id));
const rows: Record<string, string>[] = [];
let worst = 0;
for (const card of chosen) {
  const weights = path.resolve(options.models, `${card.id}.onnx`);
  if (!existsSync(weights) || !hasReference(card.id)) {
    console.error(`${card.id}: skipped, ${weights} is not there`);
    continue;
  }
  const { found, medianMs } = await detectAll({ card, path: weights, sha256: card.sha256 }, images);
  const ours = averagePrecision(images, found);
  const plain = averagePrecision(images, await referenceAll(card.id, weights, images));
  worst = Math.max(worst, Math.abs(ours.ap - plain.ap), Math.abs(ours.ap50 - plain.ap50));
  rows.push({
    model: card.id,
    AP: ours.ap.toFixed(1),
    AP50: ours.ap50.toFixed(1),
    'reference AP': plain.ap.toFixed(1),
    'reference AP50': plain.ap50.toFixed(1),
    difference: (ours.ap - plain.ap).toFixed(2),
    'difference AP50': (ours.ap50 - plain.ap50).toFixed(2),
    'ms per picture': medianMs.toFixed(0),
  });
}
console.table(rows);
console.log(`${rows.length} models, ${images.length} images; largest difference ${worst.toFixed(2)} points (bar ${LARGEST_DIFFERENCE})`);
process.exitCode = rows.length > 0 && worst <= LARGEST_DIFFERENCE ? 0 : 1;
