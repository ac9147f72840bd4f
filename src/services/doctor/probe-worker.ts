import type { Size } from '../../domain/box.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { createDetector } from '../../inference/detector.ts';
import { createEmbedder } from '../../inference/embedder.ts';
import { isEmbedder, isFinder } from '../../inference/model-store.ts';
import { serveTasks } from '../../inference/serve-tasks.ts';
import type { ProbeResult, ProbeTask } from './probe-task.ts';

const CAMERA_PICTURE: Size = { width: 1280, height: 720 };
const ROUNDS = 3;

serveTasks<undefined, ProbeTask, ProbeResult>({ start: () => Promise.resolve(probe) });

async function probe({ model, device }: ProbeTask): Promise<ProbeResult> {
  const startedMs = performance.now();
  const subject = await openSubject({ model, device });
  const loadMs = performance.now() - startedMs;
  try {
    const picture = drawPicture(subject.planInput(CAMERA_PICTURE));
    await subject.look(picture);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const beginMs = performance.now();
      await subject.look(picture);
      times.push(performance.now() - beginMs);
    }
    return { device: subject.device, loadMs, inferenceMs: Math.min(...times) };
  } finally {
    await subject.close();
  }
}

type Subject = {
  device: ProbeResult['device'];
  planInput: (original: Size) => Size;
  look: (picture: RgbPicture) => Promise<unknown>;
  close: () => Promise<void>;
};

async function openSubject({ model, device }: ProbeTask): Promise<Subject> {
  if (isEmbedder(model)) {
    const embedder = await createEmbedder(model, device);
    return { ...embedder, look: (picture) => embedder.embed(picture, CAMERA_PICTURE) };
  }
  if (!isFinder(model)) throw new Error(`model ${model.card.id} is for nothing`);
  const detector = await createDetector({ model, device, scoreFloor: 0.25 });
  return { ...detector, look: (picture) => detector.detect(picture, CAMERA_PICTURE) };
}

/** A slope of colours with a dark block: any picture would do, this one is the same everywhere. */
function drawPicture({ width, height }: Size): RgbPicture {
  const data = new Uint8Array(width * height * 3);
  for (let index = 0; index < width * height; index += 1) {
    const x = index % width;
    const y = Math.floor(index / width);
    const isBlock = x > width / 3 && x < width / 2 && y > height / 4;
    data.set(isBlock ? [30, 30, 40] : [(255 * x) / width, (255 * y) / height, 128], index * 3);
  }
  return { width, height, data };
}
