import type { BoxXyxy } from '../../domain/box.ts';

/** One output of a session for one picture: the batch axis is taken off. */
export type OutputTensor = { dims: readonly number[]; data: Float32Array | BigInt64Array };

/** Outputs by their names in the model. */
export type Outputs = ReadonlyMap<string, OutputTensor>;

/** `null` stands for any length. The first axis is the batch. */
export type ExpectedOutput = { name: string; type: 'float32' | 'int64'; dims: readonly (number | null)[] };

/** A box in pixels of the model's input, or of the original picture where the family says so. */
export type Candidate = { classId: number; score: number; box: BoxXyxy };

/** How one kind of model is read. A new family is one file and one line in `families.ts`. */
export type Family<Card> = {
  boxesIn: 'input' | 'original';
  expectedOutputs(card: Card, classCount: number): ExpectedOutput[];
  /** Candidates with a score of at least `scoreFloor`, in the model's own order. */
  decode(outputs: Outputs, card: Card, scoreFloor: number): Candidate[];
};

/** Throws when the model did not return what its card promises: the session was checked before, so this is a fault of the model. */
export function floatsOf(outputs: Outputs, name: string): { dims: readonly number[]; data: Float32Array } {
  const output = outputs.get(name);
  if (output === undefined || !(output.data instanceof Float32Array)) throw new TypeError(`the model returned no float32 output "${name}"`);
  return { dims: output.dims, data: output.data };
}
