import { toUnit } from '../../domain/household/appearance.ts';
import type { EmbeddingCard } from '../model-card.ts';
import { floatsOf } from './family.ts';
import type { ExpectedOutput, Outputs } from './family.ts';

/** Any network that turns a crop into one vector: `[dimension]`, of whatever length; here of length 1. */
export const embedding = {
  expectedOutputs({ outputs, dimension }: EmbeddingCard): ExpectedOutput[] {
    return [{ name: outputs.embedding, type: 'float32', dims: [null, dimension] }];
  },
  decode(outputs: Outputs, card: EmbeddingCard): Float32Array {
    const { data } = floatsOf(outputs, card.outputs.embedding);
    if (data.length !== card.dimension) {
      throw new RangeError(`model ${card.id} returned ${String(data.length)} numbers, its card says ${String(card.dimension)}`);
    }
    const unit = Float32Array.from(toUnit(data));
    if (!unit.every(Number.isFinite)) throw new RangeError(`model ${card.id} returned a vector that is not of finite numbers`);
    return unit;
  },
};
