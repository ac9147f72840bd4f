import { describe, expect, test } from 'vitest';
import { createDetector } from '../../../src/inference/detector.ts';
import { assetModel, assetPath, decodeFor, haveAssets, skipNote } from './real-assets.ts';

const PICTURE = 'ambianic_person2-face1.jpg';

const KNOWN = [
  {
    id: 'yolox_nano_416',
    boxes: [
      { score: 0.88, box: [761, 0, 1071, 630] },
      { score: 0.85, box: [434, 287, 743, 720] },
    ],
  },
  {
    id: 'deimv2_hgnetv2_femto_coco_416',
    boxes: [
      { score: 0.8, box: [760, 3, 1066, 631] },
      { score: 0.65, box: [435, 282, 744, 715] },
    ],
  },
  {
    id: 'yolo26n_int8_640',
    boxes: [
      { score: 0.94, box: [764, 0, 1069, 639] },
      { score: 0.93, box: [446, 279, 742, 720] },
    ],
  },
];

describe.skipIf(!haveAssets)(`§4 known answers of real models${skipNote}`, () => {
  test.each(KNOWN)('$id finds the two people within 2 px and 0.01', { timeout: 60_000 }, async ({ id, boxes }) => {
    const detector = await createDetector({ model: await assetModel(id), device: 'cpu', scoreFloor: 0.35 });
    try {
      const { picture, original } = await decodeFor(detector, assetPath('images', PICTURE));
      expect(original).toEqual({ width: 1280, height: 720 });
      const people = (await detector.detect(picture, original)).filter(({ label }) => label === 'person');
      expect(people).toHaveLength(boxes.length);
      for (const [index, known] of boxes.entries()) {
        const { x1, y1, x2, y2 } = people[index]?.box ?? { x1: NaN, y1: NaN, x2: NaN, y2: NaN };
        expect(Math.abs((people[index]?.score ?? 0) - known.score)).toBeLessThanOrEqual(0.01);
        for (const [side, value] of [x1, y1, x2, y2].entries()) expect(Math.abs(value - (known.box[side] ?? NaN))).toBeLessThanOrEqual(2);
      }
    } finally {
      await detector.close();
    }
  });
});
