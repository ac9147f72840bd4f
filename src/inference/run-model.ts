import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Size } from '../domain/box.ts';
import type { RgbPicture } from '../domain/picture.ts';
import type { Outputs, OutputTensor } from './families/family.ts';
import { fillTensor, tensorLength } from './fill-tensor.ts';
import type { ModelCard } from './model-card.ts';
import { placePicture } from './placement.ts';

/** A picture scaled to the detector's `planInput(original)`, and the size it had before. */
export type DetectorInput = { picture: RgbPicture; original: Size };

const CHANNELS = 3;

type TensorClass = typeof Tensor;

/** Runs the model once for all inputs; outputs come back one map per input. Not re-entrant: one buffer serves every call. */
export type ModelRunner = (inputs: readonly DetectorInput[]) => Promise<Outputs[]>;

export function createModelRunner(session: InferenceSession, card: ModelCard, tensorClass: TensorClass): ModelRunner {
  const length = tensorLength(card.input);
  let buffer = new Float32Array(length);
  return async (inputs) => {
    if (buffer.length < length * inputs.length) buffer = new Float32Array(length * inputs.length);
    for (const [index, { picture, original }] of inputs.entries()) {
      const placement = placePicture(card.input, original);
      fillTensor(buffer.subarray(index * length, (index + 1) * length), picture, { input: card.input, placement });
    }
    const results = await session.run(toFeeds({ inputs, pixels: buffer.subarray(0, length * inputs.length), card, tensorClass }));
    return inputs.map((_, index) => sliceOutputs(results, { index, count: inputs.length }));
  };
}

type FeedParts = { inputs: readonly DetectorInput[]; pixels: Float32Array; card: ModelCard; tensorClass: TensorClass };

function toFeeds({ inputs, pixels, card: { input }, tensorClass }: FeedParts): InferenceSession.FeedsType {
  const { height, width } = input;
  const shape = input.layout === 'nchw' ? [CHANNELS, height, width] : [height, width, CHANNELS];
  const pictures = new tensorClass('float32', pixels, [inputs.length, ...shape]);
  if (input.sizesInput === undefined) return { [input.name]: pictures };
  const sizes = BigInt64Array.from(inputs.flatMap(({ original }) => [BigInt(original.width), BigInt(original.height)]));
  return { [input.name]: pictures, [input.sizesInput]: new tensorClass('int64', sizes, [inputs.length, 2]) };
}

function sliceOutputs(results: InferenceSession.ReturnType, { index, count }: { index: number; count: number }): Outputs {
  const outputs = new Map<string, OutputTensor>();
  for (const [name, tensor] of Object.entries(results)) {
    const { data } = tensor;
    if (!(data instanceof Float32Array || data instanceof BigInt64Array)) continue;
    const length = data.length / count;
    outputs.set(name, { dims: tensor.dims.slice(1), data: data.subarray(index * length, (index + 1) * length) });
  }
  return outputs;
}
