import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { createEmbedder } from '../../../src/inference/embedder.ts';
import { parseModelCard } from '../../../src/inference/model-card.ts';
import { chooseEmbedder, chooseModel, openModelStore } from '../../../src/inference/model-store.ts';
import { installFromFile } from '../../../src/services/models/install-from-file.ts';
import { modelRecords } from '../../../src/services/models/model-record.ts';
import { assetEmbedder, assetPath, haveAssets, skipNote } from './real-assets.ts';
import { pixelsCardJson, placeEmbedder } from './tiny-embedding.ts';
import { PIXELS_LENGTH, PIXELS_SIDE, pixelsModel } from './tiny-onnx.ts';

/** Of two people in one picture, and of one of them in two cuts. */
const KNOWN = { first: [0.075, 0.017, -0.097, 0.076], others: 0.126, same: 0.967 };
const SIZE = { width: PIXELS_SIDE, height: PIXELS_SIDE };

function solid(red: number, green: number, blue: number): { width: number; height: number; data: Uint8Array } {
  const data = Uint8Array.from({ length: PIXELS_LENGTH }, (_, index) => [red, green, blue][index % 3] ?? 0);
  return { ...SIZE, data };
}

describe('an embedding model on a real session', () => {
  test('a black picture gives a vector of zeros, not of NaN', async () => {
    const embedder = await createEmbedder(await placeEmbedder(), 'cpu');
    expect(await embedder.embed(solid(0, 0, 0), SIZE)).toEqual(new Float32Array(PIXELS_LENGTH));
    await embedder.close();
  });

  test('pixels arrive one by one, in the order of the card, and the vector has length 1', async () => {
    const embedder = await createEmbedder(await placeEmbedder(), 'cpu');
    const vector = await embedder.embed(solid(10, 20, 30), SIZE);
    expect(embedder.planInput({ width: 99, height: 200 })).toEqual(SIZE);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    const [first = 0, second = 0, third = 0, fourth = 0] = vector;
    expect([second / first, third / first, fourth / first].map((part) => Number(part.toFixed(4)))).toEqual([0.6667, 0.3333, 1]);
    await embedder.close();
  });

  test('border and formula of the card hold pixel by pixel, too', async () => {
    const input = { fit: 'letterbox', align: 'top-left', padValue: 51, scale: 1 / 255, channelOrder: 'rgb' };
    const embedder = await createEmbedder(await placeEmbedder({ input }), 'cpu');
    const wide = { width: PIXELS_SIDE, height: PIXELS_SIDE / 2 };
    const vector = await embedder.embed({ ...wide, data: solid(255, 0, 0).data.slice(0, PIXELS_LENGTH / 2) }, wide);
    const [red = 0, green = 0] = vector;
    expect(green).toBe(0);
    expect((vector.at(-1) ?? 0) / red).toBeCloseTo(0.2, 5);
    await embedder.close();
  });

  test('a card with the wrong length is one clear line', async () => {
    const wrong = await placeEmbedder({ dimension: 256 });
    await expect(createEmbedder(wrong, 'cpu')).rejects.toThrow('output "descriptor" is float32 [1, 768], the card says float32 [any, 256]');
  });
});

test('a card states 0.85 where it says nothing, and people', () => {
  expect(parseModelCard(pixelsCardJson(pixelsModel()))).toMatchObject({
    card: { threshold: 0.85, subjects: ['person'], task: 'embedding' },
  });
  expect(parseModelCard(pixelsCardJson(pixelsModel(), { subjects: ['ghost'] }))).toHaveProperty('problem');
});

test('an embedding model is never taken for a detector, nor the other way round', async () => {
  const home = await mkdtemp(join(tmpdir(), 'hs-store-'));
  const store = openModelStore(home);
  const { path, card } = await placeEmbedder({ preference: 10_000 });
  const cardFile = join(home, 'card.json');
  await writeFile(cardFile, JSON.stringify(card));
  await installFromFile(store, { file: path, cardFile, acceptLicence: false });
  expect(await chooseModel(store)).toBeUndefined();
  expect((await chooseEmbedder(store))?.card.id).toBe('pixels');
  await expect(chooseModel(store, 'pixels')).rejects.toMatchObject({ code: 'model_unfit' });
  expect((await modelRecords(store)).filter(({ used }) => used)).toMatchObject([{ id: 'pixels', task: 'embedding', classes: null }]);
  await expect(chooseEmbedder(store, 'echo')).rejects.toMatchObject({ code: 'model_unknown' });
});

describe.skipIf(!haveAssets)(`known answers of person-reidentification-retail-0248${skipNote}`, () => {
  test('two people are told apart, one is recognised in two cuts', { timeout: 60_000 }, async () => {
    const embedder = await createEmbedder(await assetEmbedder('person-reidentification-retail-0248'), 'cpu');
    const look = async (x1: number, y1: number, x2: number, y2: number): Promise<Float32Array> => {
      const box = { left: x1, top: y1, width: x2 - x1, height: y2 - y1 };
      const size = embedder.planInput(box);
      const cut = sharp(assetPath('images', 'ambianic_person2-face1.jpg')).extract(box);
      const data = await cut.resize(size.width, size.height, { fit: 'fill', kernel: 'cubic' }).raw().toBuffer();
      return embedder.embed({ ...size, data }, box);
    };
    const [standing, sitting, again] = [await look(761, 0, 1071, 630), await look(434, 287, 743, 720), await look(765, 10, 1060, 640)];
    await embedder.close();
    const cosine = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
    // Computed apart from the product, with the runtime alone.
    expect(Array.from(standing.slice(0, 4), (value) => Number(value.toFixed(3)))).toEqual(KNOWN.first);
    expect(cosine(standing, sitting)).toBeCloseTo(KNOWN.others, 2);
    expect(cosine(standing, again)).toBeCloseTo(KNOWN.same, 2);
    expect(Math.hypot(...standing)).toBeCloseTo(1, 5);
  });
});
