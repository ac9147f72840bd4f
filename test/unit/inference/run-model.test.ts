import { Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { openSession } from '../../../src/inference/open-session.ts';
import { createModelRunner } from '../../../src/inference/run-model.ts';
import { echoPicture, placeModel } from './tiny-models.ts';
import { ECHO_SIDE, sizedEchoModel } from './tiny-onnx.ts';

const SQUARE = { width: ECHO_SIDE, height: ECHO_SIDE };

test('§4 one call for several pictures gives what one call each gives, in order, and shrinks again', async () => {
  const model = await placeModel();
  const { session } = await openSession(model, 'cpu');
  const run = createModelRunner(session, model.card, Tensor);
  const inputs = [11, 22, 33].map((value) => ({ picture: echoPicture([[value]]), original: SQUARE }));
  const firsts = async (some: typeof inputs): Promise<unknown[]> => (await run(some)).map((outputs) => outputs.get('output0')?.data[0]);
  expect(await firsts(inputs)).toEqual([11, 22, 33]);
  expect(await firsts(inputs.toReversed())).toEqual([33, 22, 11]);
  expect(await firsts(inputs.slice(1, 2))).toEqual([22]);
  expect((await run(inputs))[2]?.get('output0')?.dims).toEqual([128, 6]);
  await session.release();
});

test('each picture of a batch has its own original size', async () => {
  const model = await placeModel(sizedEchoModel(), {
    family: 'deim',
    outputs: { labels: 'labels', boxes: 'boxes', scores: 'scores' },
    input: { sizesInput: 'orig_target_sizes' },
  });
  const { session } = await openSession(model, 'cpu');
  const originals = [SQUARE, { width: 1920, height: 1080 }];
  const outputs = await createModelRunner(
    session,
    model.card,
    Tensor,
  )(originals.map((original) => ({ picture: echoPicture([]), original })));
  expect(outputs.map((each) => [...(each.get('labels')?.data ?? [])])).toEqual([
    [16n, 16n],
    [1920n, 1080n],
  ]);
  await session.release();
});
