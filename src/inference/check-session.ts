import type { InferenceSession } from 'onnxruntime-node';
import { UnavailableError } from '../errors/hs-error.ts';
import type { ExpectedOutput } from './families/family.ts';
import type { ModelCard } from './model-card.ts';

type Metadata = InferenceSession['inputMetadata'];
type Declared = { type: string; dims: readonly (number | string)[] };

const CHANNELS = 3;

/** Compares what the file declares with its card, so that a wrong card is one clear line and not a page of wrong boxes. Throws UnavailableError. */
export function checkSession(
  session: Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>,
  card: ModelCard,
  outputs: readonly ExpectedOutput[],
): void {
  const problems = [
    ...expectedInputs(card).flatMap((expected) => compare('input', session.inputMetadata, expected)),
    ...unfedInputs(session.inputMetadata, card),
    ...outputs.flatMap((expected) => compare('output', session.outputMetadata, expected)),
  ];
  const [first] = problems;
  if (first === undefined) return;
  throw new UnavailableError('model_mismatch', `model ${card.id} does not fit its card: ${first}`, {
    hint: `compare the card with the model; \`hs models show ${card.id}\` prints the card`,
  });
}

function expectedInputs({ input }: ModelCard): ExpectedOutput[] {
  const { height, width } = input;
  const dims = input.layout === 'nchw' ? [null, CHANNELS, height, width] : [null, height, width, CHANNELS];
  const picture: ExpectedOutput = { name: input.name, type: 'float32', dims };
  return input.sizesInput === undefined ? [picture] : [picture, { name: input.sizesInput, type: 'int64', dims: [null, 2] }];
}

function unfedInputs(metadata: Metadata, { input }: ModelCard): string[] {
  return metadata
    .filter(({ name }) => name !== input.name && name !== input.sizesInput)
    .map(({ name }) => `it has a further input "${name}"`);
}

function compare(kind: 'input' | 'output', metadata: Metadata, expected: ExpectedOutput): string[] {
  const declared = metadata.find(({ name }) => name === expected.name);
  if (declared === undefined)
    return [`it has no ${kind} "${expected.name}" (it has ${metadata.map(({ name }) => `"${name}"`).join(', ')})`];
  if (!declared.isTensor) return [`${kind} "${expected.name}" is not a tensor`];
  const found: Declared = { type: declared.type, dims: declared.shape };
  if (found.type === expected.type && dimsFit(found.dims, expected.dims)) return [];
  return [
    `${kind} "${expected.name}" is ${describe(found)}, the card says ${describe({ ...expected, dims: expected.dims.map((dim) => dim ?? 'any') })}`,
  ];
}

/** Lengths that the file leaves open fit anything; so does a shape that it does not declare at all. */
function dimsFit(found: Declared['dims'], expected: ExpectedOutput['dims']): boolean {
  if (found.length === 0) return true;
  if (found.length !== expected.length) return false;
  return expected.every(
    (length, axis) => length === null || typeof found[axis] === 'string' || Number(found[axis]) < 1 || found[axis] === length,
  );
}

function describe({ type, dims }: Declared): string {
  return `${type} [${dims.join(', ')}]`;
}
