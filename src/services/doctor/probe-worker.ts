import type { Size } from '../../domain/box.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { createDetector } from '../../inference/detector.ts';
import { serveTasks } from '../../inference/serve-tasks.ts';
import type { ProbeResult, ProbeTask } from './probe-task.ts';

const CAMERA_PICTURE: Size = { width: 1280, height: 720 };
const ROUNDS = 3;

serveTasks<undefined, ProbeTask, ProbeResult>({ start: () => Promise.resolve(probe) });

async function probe({ model, device }: ProbeTask): Promise<ProbeResult> {
  const startedMs = performance.now();
  const detector = await createDetector({ model, device, scoreFloor: 0.25 });
  const loadMs = performance.now() - startedMs;
  try {
    const picture = drawPicture(detector.planInput(CAMERA_PICTURE));
    await detector.detect(picture, CAMERA_PICTURE);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const beginMs = performance.now();
      await detector.detect(picture, CAMERA_PICTURE);
      times.push(performance.now() - beginMs);
    }
    return { device: detector.device, skippedDevices: detector.skippedDevices, loadMs, inferenceMs: Math.min(...times) };
  } finally {
    await detector.close();
  }
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
