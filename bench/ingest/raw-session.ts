import * as ort from 'onnxruntime-node';

/** Runs the model on packed RGB bytes that fit inside its input and throws the answer away; no boxes are read. */
export type RawSession = (rgb: Uint8Array, size: { width: number; height: number }) => Promise<void>;

/** A session set as the product's: one thread, no spinning, so that the ceiling has no other advantage than doing less. */
export async function createRawSession(modelPath: string, inputSize: number): Promise<RawSession> {
  const session = await ort.InferenceSession.create(modelPath, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    executionProviders: ['cpu'],
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
  const input = new Float32Array(3 * inputSize * inputSize);
  const [name = 'images', ...others] = session.inputNames;
  const feeds: Record<string, ort.Tensor> = { [name]: new ort.Tensor('float32', input, [1, 3, inputSize, inputSize]) };
  for (const other of others) feeds[other] = new ort.Tensor('int64', BigInt64Array.from([BigInt(inputSize), BigInt(inputSize)]), [1, 2]);
  return async (rgb, size) => {
    toPlanes(rgb, size, { input, inputSize });
    await session.run(feeds);
  };
}

/** Packed RGB into the top-left corner of three planes. */
function toPlanes(
  rgb: Uint8Array,
  size: { width: number; height: number },
  { input, inputSize }: { input: Float32Array; inputSize: number },
): void {
  const plane = inputSize * inputSize;
  input.fill(114);
  for (let y = 0; y < size.height; y += 1) {
    let from = y * size.width * 3;
    for (let to = y * inputSize, end = to + size.width; to < end; to += 1, from += 3) {
      input[to] = rgb[from] ?? 0;
      input[to + plane] = rgb[from + 1] ?? 0;
      input[to + 2 * plane] = rgb[from + 2] ?? 0;
    }
  }
}
