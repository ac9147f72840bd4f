import { appendFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UnavailableError } from '../../../src/errors/hs-error.ts';
import { createDetector } from '../../../src/inference/detector.ts';
import type { Detector } from '../../../src/inference/detector.ts';
import { echoPicture, placeModel, sha256Of } from './tiny-models.ts';
import { ECHO_SIDE, echoModel, sizedEchoModel } from './tiny-onnx.ts';

const SQUARE = { width: ECHO_SIDE, height: ECHO_SIDE };
const options = { device: 'cpu', scoreFloor: 1 } as const;

describe('a detector on a real session', () => {
  let detector: Detector;
  beforeAll(async () => {
    detector = await createDetector({ model: await placeModel(), ...options });
  });
  afterAll(() => detector.close());

  test('a black picture has no boxes', async () => {
    expect(await detector.detect(echoPicture([]), SQUARE)).toEqual([]);
  });

  test('no pictures have no boxes', async () => {
    expect(await detector.detectBatch([])).toEqual([]);
  });

  test('boxes come back best first, in pixels of the original picture, clamped to it', async () => {
    const picture = echoPicture([
      [1, 2, 3, 4, 5, 0],
      [4, 4, 200, 8, 9, 2],
    ]);
    expect(await detector.detect(picture, { width: 160, height: 32 })).toEqual([
      { label: 'two', score: 9, box: { x1: 40, y1: 8, x2: 160, y2: 16 } },
      { label: 'zero', score: 5, box: { x1: 10, y1: 4, x2: 30, y2: 8 } },
    ]);
  });

  test('a picture of another size than planned is refused', async () => {
    await expect(detector.detect({ width: 8, height: 8, data: new Uint8Array(192) }, SQUARE)).rejects.toThrow(RangeError);
    await expect(detector.detect({ ...SQUARE, data: new Uint8Array(5) }, SQUARE)).rejects.toThrow('has 5 bytes');
  });

  test('after a refused picture the next one is right', async () => {
    await expect(detector.detect({ width: 8, height: 8, data: new Uint8Array(192) }, SQUARE)).rejects.toThrow();
    expect(await detector.detect(echoPicture([[1, 2, 3, 4, 5, 0]]), SQUARE)).toHaveLength(1);
  });

  test('a class that the card does not list is an error, not a label', async () => {
    await expect(detector.detect(echoPicture([[1, 2, 3, 4, 5, 7]]), SQUARE)).rejects.toThrow('returned class 7');
  });

  test('§4 one at a time, a batch and a shuffled batch give equal results', async () => {
    const pictures = [3, 5, 7, 9].map((score) => ({ picture: echoPicture([[score, 1, 12, 14, score, 1]]), original: SQUARE }));
    const single: unknown[] = [];
    for (const { picture, original } of pictures) single.push(await detector.detect(picture, original));
    expect(await detector.detectBatch(pictures)).toEqual(single);
    expect(await detector.detectBatch(pictures.toReversed())).toEqual(single.toReversed());
    expect(await Promise.all(pictures.map(({ picture, original }) => detector.detect(picture, original)))).toEqual(single);
  });

  test('auto says what really serves', async () => {
    const automatic = await createDetector({ model: await placeModel(), device: 'auto', scoreFloor: 1 });
    expect(['cpu', 'cuda', 'coreml', 'dml']).toContain(automatic.device);
    if (automatic.device === 'cpu') expect(automatic.skippedDevices.every((reason) => !reason.startsWith('cpu'))).toBe(true);
    await automatic.close();
  });
});

test('suppression is done per class for cards that ask for it, and the caller may set the overlap', async () => {
  const picture = echoPicture([
    [0, 0, 10, 10, 9, 0],
    [0, 0, 10, 8, 8, 0],
    [0, 0, 10, 10, 7, 1],
  ]);
  const kept = async (parts: Record<string, unknown>, nmsIou?: number): Promise<number[]> => {
    const detector = await createDetector({
      model: await placeModel(echoModel(), parts),
      ...options,
      ...(nmsIou === undefined ? {} : { nmsIou }),
    });
    const found = await detector.detect(picture, SQUARE);
    await detector.close();
    return found.map(({ score }) => score);
  };
  expect(await kept({ nmsIou: 0.45 })).toEqual([9, 7]);
  expect(await kept({ nmsIou: 0.45 }, 0.9)).toEqual([9, 8, 7]);
  expect(await kept({})).toEqual([9, 8, 7]);
  expect(await kept({}, 0.1)).toEqual([9, 8, 7]);
});

test('models that answer in original pixels are told the original size as width, height', async () => {
  const model = await placeModel(sizedEchoModel(), {
    family: 'deim',
    classes: Array.from({ length: 100 }, (_, index) => `class ${String(index)}`),
    outputs: { labels: 'labels', boxes: 'boxes', scores: 'scores' },
    input: { sizesInput: 'orig_target_sizes' },
  });
  const detector = await createDetector({ model, ...options });
  // The red plane starts 9 9 30 90: scores of rows 0 … 3, and the box of row 0. The labels are the sizes.
  const found = await detector.detect(echoPicture([[9, 9, 30, 90]]), { width: 64, height: 48 }).finally(() => detector.close());
  expect(found[0]).toEqual({ label: 'class 64', score: 9, box: { x1: 9, y1: 9, x2: 30, y2: 48 } });
});

describe('a model that cannot be used is one clear line', () => {
  const refused = async (model: Awaited<ReturnType<typeof placeModel>>, device = 'cpu'): Promise<UnavailableError> => {
    const error: unknown = await createDetector({ model, device: device as 'cpu', scoreFloor: 0.25 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnavailableError);
    return error as UnavailableError;
  };

  test('changed weights are never loaded', async () => {
    const model = await placeModel();
    await appendFile(model.path, 'x');
    const error = await refused(model);
    expect(error).toMatchObject({ code: 'model_changed', exitCode: 6 });
    expect(error.message).toContain(model.path);
  });

  test('missing weights', async () => {
    const model = await placeModel();
    expect(await refused({ ...model, path: `${model.path}.gone` })).toMatchObject({ code: 'model_missing' });
  });

  test('a file that is no model', async () => {
    const model = await placeModel();
    const bytes = new TextEncoder().encode('<html>not a model</html>');
    await writeFile(model.path, bytes);
    expect(await refused({ ...model, sha256: sha256Of(bytes) })).toMatchObject({ code: 'model_unusable', exitCode: 6 });
  });

  test.each([
    ['input', { input: { name: 'pixels' } }, 'it has no input "pixels"'],
    ['size', { input: { width: 32 } }, 'input "images" is float32 [N, 3, 16, 16], the card says float32 [any, 3, 16, 32]'],
    ['output', { outputs: { predictions: 'boxes' } }, 'it has no output "boxes" (it has "output0")'],
  ])('a card with the wrong %s', async (_, parts, said) => {
    const error = await refused(await placeModel(echoModel(), parts));
    expect(error.code).toBe('model_mismatch');
    expect(error.message).toContain(said);
  });

  test('a model with an input that the card does not feed', async () => {
    const bytes = sizedEchoModel();
    const error = await refused(await placeModel(bytes, { outputs: { predictions: 'boxes' } }));
    expect(error.message).toContain('a further input "orig_target_sizes"');
  });

  test('a card whose output has another shape', async () => {
    const error = await refused(await placeModel(echoModel(), { family: 'yolox', outputs: { predictions: 'output0' } }));
    expect(error.message).toContain('output "output0" is float32 [N, 128, 6]');
  });

  test('a device that is not there is never replaced by another one', async () => {
    const absent = process.platform === 'win32' ? 'coreml' : 'dml';
    const error = await refused(await placeModel(), absent);
    expect(error).toMatchObject({ code: 'device_unavailable', exitCode: 6 });
    expect(error.message).toContain(`device "${absent}" was asked for`);
    expect(error.hint).toContain('--device auto');
  });

  test('a device that nobody knows', async () => {
    expect(await refused(await placeModel(), 'abacus')).toMatchObject({ code: 'device_unknown', exitCode: 6 });
  });
});
