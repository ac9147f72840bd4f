import { expect, test } from 'vitest';

import { parseModelCard } from '../../../src/inference/model-card.ts';
import { isDetector, isFinder } from '../../../src/inference/model-store.ts';
import { echoCardJson, placeModel } from './tiny-models.ts';
import { echoModel } from './tiny-onnx.ts';

const bytes = new Uint8Array([1]);

test.each<[string, Record<string, unknown>, string | undefined]>([
  ['a threat model that maps a class', { task: 'threats', threats: { one: 'gun' } }, undefined],
  ['a threat model that maps none', { task: 'threats' }, 'threats: is needed by the task threats'],
  ['a threat model with an empty map', { task: 'threats', threats: {} }, 'threats: is needed by the task threats'],
  ['a kind of threat that is none', { task: 'threats', threats: { one: 'spoon' } }, 'threats.one: '],
  ['a class it does not have', { task: 'threats', threats: { four: 'gun' } }, 'threats: "four" is none of its classes'],
  ['threats of a detector of objects', { threats: { one: 'gun' } }, 'threats: goes with the task threats, not with detection'],
  ['a task that is none', { task: 'smells' }, 'task: '],
])('%s', (_, parts, problem) => {
  const parsed = parseModelCard({ ...echoCardJson(bytes), ...parts });
  if (problem === undefined) expect(parsed).toHaveProperty('card');
  else expect(parsed).toMatchObject({ problem: expect.stringContaining(problem) });
});

test('a model that looks for threats, faces or plates is never taken for the detector of an ingest', async () => {
  const faces = await placeModel(echoModel(), { task: 'faces' });
  expect([isDetector(faces), isFinder(faces)]).toEqual([false, true]);
});
