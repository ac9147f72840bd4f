import type { InferenceSession } from 'onnxruntime-node';
import type { Size } from '../domain/box.ts';
import type { RawDetection } from '../domain/detection.ts';
import type { RgbPicture } from '../domain/picture.ts';
import type { Device, Provider } from './devices.ts';
import { familyOf } from './families/families.ts';
import type { InstalledDetector } from './model-store.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { openSession } from './open-session.ts';
import { placePicture } from './placement.ts';
import { createModelRunner } from './run-model.ts';
import type { DetectorInput } from './run-model.ts';
import { toDetections } from './to-detections.ts';

/** `scoreFloor`: nothing below it is returned. `nmsIou` replaces the card's number, `maxBoxes` the default of 300. */
export type DetectorOptions = { model: InstalledDetector; device: Device; scoreFloor: number; nmsIou?: number; maxBoxes?: number };

export type Detector = {
  modelId: string;
  /** The execution provider that really runs the model. */
  device: Provider;
  /** Why better providers were passed over under `auto`: `provider: reason`. */
  skippedDevices: readonly string[];
  /** The size a picture must be scaled to before `detect`. */
  planInput(original: Size): Size;
  /** Boxes in pixels of the original picture, clamped to it, best first. Throws RangeError for a picture of another size than planned. */
  detect(picture: RgbPicture, original: Size): Promise<RawDetection[]>;
  /** One list per input, in order. A single call of the model on a GPU where the model takes any number: on a CPU batches only cost memory. */
  detectBatch(inputs: readonly DetectorInput[]): Promise<RawDetection[][]>;
  close(): Promise<void>;
};

/** Loads the model. Throws UnavailableError when the weights, the runtime or the device that was asked for are not there. */
export async function createDetector(options: DetectorOptions): Promise<Detector> {
  const { card } = options.model;
  const { session, provider, skipped } = await openSession(options.model, options.device);
  const { Tensor: tensorClass } = await import('onnxruntime-node');
  const run = createModelRunner(session, card, tensorClass);
  const family = familyOf(card);
  const inTurn = oneAtATime();
  const batchLimit = provider === 'cpu' || !takesAnyNumber(session, card.input.name) ? 1 : Number.POSITIVE_INFINITY;

  const runBatch = async (inputs: readonly DetectorInput[]): Promise<RawDetection[][]> => {
    const outputs = await run(inputs);
    return inputs.map(({ original }, index) => {
      const candidates = family.decode(outputs[index] ?? new Map(), options.scoreFloor);
      return toDetections(candidates, { card, original, nmsIou: options.nmsIou, maxBoxes: options.maxBoxes });
    });
  };
  const detectBatch = async (inputs: readonly DetectorInput[]): Promise<RawDetection[][]> => {
    if (inputs.length === 0) return [];
    if (inputs.length <= batchLimit) return inTurn(() => runBatch(inputs));
    const lists: RawDetection[][] = [];
    for (const input of inputs) lists.push(...(await inTurn(() => runBatch([input]))));
    return lists;
  };
  return {
    modelId: card.id,
    device: provider,
    skippedDevices: skipped,
    planInput: (original) => placePicture(card.input, original).scaled,
    detect: async (picture, original) => (await detectBatch([{ picture, original }]))[0] ?? [],
    detectBatch,
    close: () => inTurn(() => session.release()),
  };
}

/** Whether the model leaves the length of its batch axis open. */
function takesAnyNumber(session: InferenceSession, inputName: string): boolean {
  const declared = session.inputMetadata.find(({ name }) => name === inputName);
  return declared?.isTensor === true && typeof declared.shape[0] === 'string';
}
