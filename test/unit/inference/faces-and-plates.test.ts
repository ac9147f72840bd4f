import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { BoxXyxy } from '../../../src/domain/box.ts';
import type { RawDetection } from '../../../src/domain/detection.ts';
import { createDetector, type Detector } from '../../../src/inference/detector.ts';
import { isFinder } from '../../../src/inference/model-store.ts';
import { renderSvg } from '../../../src/media/drawing/render-svg.ts';
import { assetFile, assetPath, decodeFor, haveAssets, skipNote } from './real-assets.ts';

const FACES = 'face_detection_yunet_2023mar';
const PLATES = 'license_plate_detection_lpd_yunet_2022may';

async function find(id: string, path: string, scoreFloor: number): Promise<RawDetection[]> {
  const model = await assetFile(id);
  if (!isFinder(model)) throw new Error(`${id} finds nothing`);
  const detector: Detector = await createDetector({ model, device: 'cpu', scoreFloor });
  try {
    const { picture, original } = await decodeFor(detector, path);
    return await detector.detect(picture, original);
  } finally {
    await detector.close();
  }
}

function middleLiesIn({ x1, y1, x2, y2 }: BoxXyxy, [left, top, right, bottom]: readonly number[]): boolean {
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return x > left! && x < right! && y > top! && y < bottom!;
}

describe.skipIf(!haveAssets)(`faces by YuNet${skipNote}`, () => {
  // Heads by eye: the upper part of the known person boxes.
  test.each([
    [
      'ambianic_person2-face1.jpg',
      [
        [880, 0, 1030, 180],
        [430, 350, 620, 520],
      ],
    ],
    ['ambianic_person.jpg', [[250, 280, 440, 510]]],
    [
      'jetson_peds_0.jpg',
      [
        [560, 130, 680, 270],
        [1180, 150, 1290, 280],
        [810, 190, 930, 320],
      ],
    ],
    [
      'jetson_humans_9.jpg',
      [
        [300, 140, 420, 300],
        [550, 330, 630, 430],
      ],
    ],
  ])('%s has a face in each head that looks this way, and none elsewhere', { timeout: 60_000 }, async (file, heads) => {
    const found = await find(FACES, assetPath('images', file), 0.6);
    expect(found).toHaveLength(heads.length);
    for (const head of heads) expect(found.some(({ box }) => middleLiesIn(box, head))).toBe(true);
    expect(found.every(({ label }) => label === 'face')).toBe(true);
  });

  test.each(['ambianic_background.jpg', 'trap_blank.jpg', 'trap_vehicle.jpg', 'jetson_city_0.jpg'])('%s has none', async (file) => {
    expect(await find(FACES, assetPath('images', file), 0.6)).toEqual([]);
  });
});

describe.skipIf(!haveAssets)(`plates by LPD-YuNet${skipNote}`, () => {
  test.each([
    [1280, 720, 600, 500, 120, 38],
    [640, 480, 250, 300, 140, 44],
    [640, 480, 60, 100, 100, 32],
    [320, 240, 100, 150, 80, 26],
  ])('a plate drawn in a picture of %i × %i at %i, %i is found there', { timeout: 60_000 }, async (width, height, x, y, w, h) => {
    const path = join(await mkdtemp(join(tmpdir(), 'hs-plate-')), 'car.png');
    const { data } = await renderSvg(drawCar({ width, height, plate: { x, y, w, h } }));
    await sharp(data, { raw: { width, height, channels: 4 } }).toFile(path);
    const [best] = await find(PLATES, path, 0.7);
    const { x1, y1, x2, y2 } = best?.box ?? { x1: NaN, y1: NaN, x2: NaN, y2: NaN };
    const tolerance = 0.12 * w;
    for (const [found, drawn] of [
      [x1, x],
      [y1, y],
      [x2, x + w],
      [y2, y + h],
    ] as const) {
      expect(Math.abs(found - drawn)).toBeLessThanOrEqual(tolerance);
    }
  });

  test.each(['ambianic_background.jpg', 'ambianic_person.jpg', 'trap_blank.jpg'])('%s has none', async (file) => {
    expect(await find(PLATES, assetPath('images', file), 0.7)).toEqual([]);
  });
});

type Drawing = { width: number; height: number; plate: { x: number; y: number; w: number; h: number } };

/** The back of a dark car with a blue plate, as the model has learnt them. */
function drawCar({ width, height, plate: { x, y, w, h } }: Drawing): string {
  const letters = `font-size="${h * 0.78}" font-family="DejaVu Sans Mono, monospace" font-weight="bold" text-anchor="middle" textLength="${w * 0.9}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#777"/>
    <rect x="${x - 120}" y="${y - 160}" width="${w + 240}" height="${h + 200}" rx="40" fill="#333"/>
    <rect x="${x - 90}" y="${y - 140}" width="${w + 180}" height="80" rx="20" fill="#99a"/>
    <rect x="${x}" y="${y}" width="${w}" height="${h}" rx="4" fill="#1b4fb0" stroke="#fff" stroke-width="2"/>
    <text x="${x + w / 2}" y="${y + h * 0.78}" ${letters} fill="#fff">A·B12345</text></svg>`;
}
