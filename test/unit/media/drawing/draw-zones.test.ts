import sharp from 'sharp';
import { expect, test } from 'vitest';

import type { RgbPicture } from '../../../../src/domain/picture.ts';
import { drawingSize, drawZones, type ZoneDrawing } from '../../../../src/media/drawing/draw-zones.ts';
import { heatPicture } from '../../../../src/media/drawing/heat-picture.ts';
import { renderSvg } from '../../../../src/media/drawing/render-svg.ts';
import type { DrawnZone } from '../../../../src/media/drawing/zone-overlay.ts';
import { readMetadata } from '../../../../src/media/still/limited-sharp.ts';

const ZONE: DrawnZone = {
  name: 'Porch',
  note: '',
  coordinates: [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.75, 0.75],
    [0.25, 0.75],
  ],
  color: '#00FF00',
  style: 'plain',
};

function even(level: number, width = 320, height = 180): RgbPicture {
  return { width, height, data: new Uint8Array(width * height * 3).fill(level) };
}

type Pixel = [red: number, green: number, blue: number];

/** Colour at a place of the picture, which lies above the caption. */
async function drawn(drawing: Partial<ZoneDrawing>): Promise<{ width: number; height: number; at: (x: number, y: number) => Pixel }> {
  const png = await drawZones({ picture: even(128), zones: [], boxes: [], caption: 'gate', ...drawing });
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(3);
  const size = drawingSize(drawing.picture ?? even(128));
  const at = (x: number, y: number): Pixel => {
    const from = (Math.round(y * (size.height - 1)) * info.width + Math.round(x * (size.width - 1))) * 3;
    return [data[from]!, data[from + 1]!, data[from + 2]!];
  };
  return { width: info.width, height: info.height, at };
}

test('without zones the picture stays as it is, large enough to read, with a line below it', async () => {
  const { width, height, at } = await drawn({});
  expect({ width, height }).toEqual({ width: 960, height: 570 });
  expect(at(0.5, 0.5)).toEqual([128, 128, 128]);
});

test.each([
  [
    { width: 320, height: 180 },
    { width: 960, height: 540 },
  ],
  [
    { width: 1000, height: 500 },
    { width: 1000, height: 500 },
  ],
  [
    { width: 3840, height: 2160 },
    { width: 1920, height: 1080 },
  ],
  [
    { width: 1, height: 5000 },
    { width: 1, height: 1920 },
  ],
])('a picture of %o is drawn as %o', (size, expected) => {
  expect(drawingSize(size)).toEqual(expected);
});

test.each([0, 128, 255])('a zone shows on a ground of level %i, and so does its border', async (level) => {
  const { at } = await drawn({ picture: even(level), zones: [ZONE] });
  const [inside, outside, border] = [at(0.6, 0.6), at(0.1, 0.5), at(0.25, 0.6)];
  expect(outside).toEqual([level, level, level]);
  expect(inside[1] - inside[0]).toBeGreaterThan(40);
  expect(border[1] - border[0]).toBeGreaterThan(150);
});

test('a zone that leaves something out is hatched, one that is disabled hardly tinted', async () => {
  const hatched = await drawn({ zones: [{ ...ZONE, style: 'hatched' }] });
  const row = Array.from({ length: 60 }, (_, step) => hatched.at(0.4 + step * 0.005, 0.65)[1]);
  expect(Math.max(...row) - Math.min(...row)).toBeGreaterThan(30);
  const disabled = await drawn({ zones: [{ ...ZONE, style: 'dashed' }] });
  expect(disabled.at(0.6, 0.65)[1]).toBeLessThan(145);
});

test('names are text, whatever they hold, and lie on a dark ground', async () => {
  const name = '</text><rect width="9999" height="9999" fill="red"/>&"\u0000\u202E';
  const { at } = await drawn({ picture: even(255), zones: [{ ...ZONE, name }], caption: '</svg><&' });
  expect(at(0.9, 0.9)).toEqual([255, 255, 255]);
  expect(Math.max(...at(0.2565, 0.265))).toBeLessThan(90);
});

test('boxes have an outline and a dot where they touch the ground', async () => {
  const box = { label: 'person 0.87', x: 0.4, y: 0.3, width: 0.2, height: 0.4, style: 'seen' } as const;
  const { at } = await drawn({ picture: even(0), boxes: [box] });
  expect(at(0.5, 0.7)).toEqual([255, 255, 255]);
  expect(at(0.5, 0.5)).toEqual([0, 0, 0]);
  const standing = await drawn({ picture: even(0), boxes: [{ ...box, style: 'standing' }] });
  expect(standing.at(0.5, 0.5)[0]).toBeGreaterThan(50);
});

test('heat is where something was, hottest where most was, and nowhere else', async () => {
  const cells = [
    { column: 4, row: 4, count: 1000 },
    { column: 12, row: 4, count: 2 },
  ];
  const { data } = await heatPicture({ columns: 16, rows: 9, cells }, { width: 320, height: 180 });
  const alphaAt = (x: number, y: number): number => data[(y * 320 + x) * 4 + 3]!;
  expect(alphaAt(90, 90)).toBeGreaterThan(150);
  expect(alphaAt(250, 90)).toBeGreaterThan(20);
  expect(alphaAt(250, 90)).toBeLessThan(alphaAt(90, 90));
  expect(alphaAt(170, 20)).toBe(0);
  const empty = await heatPicture({ columns: 4, rows: 4, cells: [] }, { width: 8, height: 8 });
  expect(empty.data.every((_, i) => i % 4 !== 3 || empty.data[i] === 0)).toBe(true);
});

test('SVG from outside is not read, neither before nor after something was drawn', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>';
  await expect(readMetadata(Buffer.from(svg))).rejects.toThrow(/unsupported image format/);
  await renderSvg(svg);
  await expect(renderSvg('no SVG')).rejects.toThrow();
  await expect(readMetadata(Buffer.from(svg))).rejects.toThrow(/unsupported image format/);
});
