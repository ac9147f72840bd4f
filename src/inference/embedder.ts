import type { Size } from '../domain/box.ts';
import type { RgbPicture } from '../domain/picture.ts';
import type { Device, Provider } from './devices.ts';
import { embedding } from './families/embedding.ts';
import type { EmbeddingCard } from './model-card.ts';
import type { InstalledEmbedder } from './model-store.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { openSession } from './open-session.ts';
import { placePicture } from './placement.ts';
import { createModelRunner } from './run-model.ts';

export type Embedder = {
  card: EmbeddingCard;
  /** The execution provider that really runs the model. */
  device: Provider;
  /** The size a crop must be scaled to before `embed`. */
  planInput(crop: Size): Size;
  /** What the crop looks like, as a vector of length 1. Throws RangeError for a picture of another size than planned. */
  embed(picture: RgbPicture, crop: Size): Promise<Float32Array>;
  close(): Promise<void>;
};

/** Loads the model. Throws UnavailableError when the weights, the runtime or the device that was asked for are not there. */
export async function createEmbedder(model: InstalledEmbedder, device: Device): Promise<Embedder> {
  const { card } = model;
  const { session, provider } = await openSession(model, device);
  const { Tensor: tensorClass } = await import('onnxruntime-node');
  const run = createModelRunner(session, card, tensorClass);
  const inTurn = oneAtATime();
  return {
    card,
    device: provider,
    planInput: (crop) => placePicture(card.input, crop).scaled,
    embed: async (picture, original) => {
      const [outputs] = await inTurn(() => run([{ picture, original }]));
      return embedding.decode(outputs ?? new Map(), card);
    },
    close: () => inTurn(() => session.release()),
  };
}
