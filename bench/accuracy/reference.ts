import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { COCO_LABELS } from '../../src/domain/coco-labels.ts';
import type { Corners } from './coco.ts';
import type { Found } from './average-precision.ts';

/**
 * A second, plain implementation of every model's pre- and post-processing, written from the models' own documentation and sharing
 * nothing with the product but the order of the class names. Slow on purpose: one loop after the other, no tricks.
 */
export type Reference = { detect: (path: string) => Promise<Found[]>; close: () => Promise<void> };

const SCORE_FLOOR = 0.001;

type Raw = Record<string, { data: number[]; dims: readonly number[] }>;
type Fitted = { pixels: number[]; scale: number; left: number; top: number; width: number; height: number };
type Recipe = {
  size: number;
  input: string;
  fit: 'stretch' | 'centre' | 'corner';
  pad: number;
  toTensor: (rgb: readonly [number, number, number]) => [number, number, number];
  read: (raw: Raw, fitted: Fitted) => Found[];
  nms?: number;
};

const rgbToUnit = ([r, g, b]: readonly [number, number, number]): [number, number, number] => [r / 255, g / 255, b / 255];

const yolox: Recipe = {
  size: 416,
  input: 'images',
  fit: 'corner',
  pad: 114,
  toTensor: ([r, g, b]) => [b, g, r],
  nms: 0.45,
  read: (raw, fitted) => {
    const rows = reshape(raw['output']!.data, 85);
    const cells = [8, 16, 32].flatMap((stride) => gridOf(416 / stride).map(([x, y]) => ({ x, y, stride })));
    return rows.flatMap((row, index) => {
      const { x, y, stride } = cells[index]!;
      const [cx, cy, w, h] = [(row[0]! + x) * stride, (row[1]! + y) * stride, Math.exp(row[2]!) * stride, Math.exp(row[3]!) * stride];
      return best(
        row.slice(5).map((score) => score * row[4]!),
        undo(fromCentre(cx, cy, w, h), fitted),
      );
    });
  },
};

const nanodet: Recipe = {
  size: 416,
  input: 'input.1',
  fit: 'centre',
  pad: 0,
  toTensor: ([r, g, b]) => [(b - 103.53) / 57.375, (g - 116.28) / 57.12, (r - 123.675) / 58.395],
  nms: 0.6,
  read: (raw, fitted) =>
    [
      { s: 8, c: '792', b: '795' },
      { s: 16, c: '814', b: '817' },
      { s: 32, c: '836', b: '839' },
    ].flatMap(({ s, c, b }) => {
      const sides = reshape(raw[b]!.data, 32).map((row) => reshape(row, 8).map((bins) => softmaxMean(bins) * s));
      const grid = gridOf(416 / s);
      return reshape(raw[c]!.data, 80).flatMap((scores, index) => {
        const [gx, gy] = grid[index]!;
        const [x, y] = [gx * s + (s - 1) / 2, gy * s + (s - 1) / 2];
        const [l, t, r, bottom] = sides[index]!;
        return best(scores, undo([x - l!, y - t!, x + r!, y + bottom!], fitted));
      });
    }),
};

const deim = (size: number): Recipe => ({
  size,
  input: 'images',
  fit: 'stretch',
  pad: 0,
  toTensor: rgbToUnit,
  nms: 0.7,
  read: (raw) =>
    reshape(raw['boxes']!.data, 4).map((box, index) => ({
      label: COCO_LABELS[raw['labels']!.data[index]!]!,
      score: raw['scores']!.data[index]!,
      box: box as unknown as Corners,
    })),
});

const yolov8: Recipe = {
  size: 640,
  input: 'images',
  fit: 'centre',
  pad: 114,
  toTensor: rgbToUnit,
  nms: 0.7,
  read: (raw, fitted) => {
    const { data } = raw['output0']!;
    const anchors = data.length / 84;
    return Array.from({ length: anchors }, (_, anchor) => Array.from({ length: 84 }, (__, row) => data[row * anchors + anchor]!)).flatMap(
      (row) => best(row.slice(4), undo(fromCentre(row[0]!, row[1]!, row[2]!, row[3]!), fitted)),
    );
  },
};

const yolo26: Recipe = {
  size: 640,
  input: 'images',
  fit: 'centre',
  pad: 114,
  toTensor: rgbToUnit,
  read: (raw, fitted) =>
    reshape(raw['output0']!.data, 6).map(([x1, y1, x2, y2, score, label]) => ({
      label: COCO_LABELS[label!]!,
      score: score!,
      box: undo([x1!, y1!, x2!, y2!], fitted),
    })),
};

const RECIPES: Record<string, Recipe> = {
  yolox_nano: yolox,
  yolox_nano_416: yolox,
  object_detection_nanodet_2022nov: nanodet,
  deimv2_hgnetv2_femto_coco_416: deim(416),
  deimv2_hgnetv2_atto_coco_320: deim(320),
  yolov8n_int8_640: yolov8,
  yolo26n_int8_640: yolo26,
};

export function hasReference(modelId: string): boolean {
  return modelId in RECIPES;
}

export async function openReference(modelId: string, weights: string): Promise<Reference> {
  const recipe = RECIPES[modelId]!;
  const session = await InferenceSession.create(weights, { intraOpNumThreads: 1, logSeverityLevel: 4 });
  return {
    close: () => session.release(),
    detect: async (path) => {
      const fitted = await fit(path, recipe);
      const feeds: Record<string, Tensor> = {
        [recipe.input]: new Tensor('float32', planes(fitted, recipe), [1, 3, recipe.size, recipe.size]),
      };
      if (session.inputNames.includes('orig_target_sizes')) {
        feeds['orig_target_sizes'] = new Tensor('int64', BigInt64Array.from([fitted.width, fitted.height], BigInt), [1, 2]);
      }
      const results = await session.run(feeds);
      const raw: Raw = Object.fromEntries(
        Object.entries(results).map(([name, { data, dims }]) => [
          name,
          { data: Array.from(data as ArrayLike<number | bigint>, Number), dims },
        ]),
      );
      const found = recipe.read(raw, fitted).filter(({ score }) => score >= SCORE_FLOOR);
      const inside = found.map((each) => ({ ...each, box: clip(each.box, fitted) }));
      return recipe.nms === undefined ? inside : suppress(inside, recipe.nms);
    },
  };
}

/** Decoded at full size, scaled bicubically as the published answers of these models were, and pasted pixel by pixel. */
async function fit(path: string, { size, fit: how, pad }: Recipe): Promise<Fitted> {
  const { data: full, info } = await sharp(path).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const scale = Math.min(size / width, size / height);
  const [w, h] = how === 'stretch' ? [size, size] : [Math.round(width * scale), Math.round(height * scale)];
  const scaled = await sharp(full, { raw: { width, height, channels: 3 } })
    .resize(w, h, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  const [left, top] = how === 'centre' ? [Math.floor((size - w) / 2), Math.floor((size - h) / 2)] : [0, 0];
  const pixels = new Array<number>(size * size * 3).fill(pad);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      for (let c = 0; c < 3; c += 1) pixels[((y + top) * size + x + left) * 3 + c] = scaled[(y * w + x) * 3 + c]!;
    }
  }
  return { pixels, scale, left, top, width, height };
}

function planes({ pixels }: Fitted, { size, toTensor }: Recipe): Float32Array {
  const tensor = new Float32Array(3 * size * size);
  for (let pixel = 0; pixel < size * size; pixel += 1) {
    const values = toTensor([pixels[pixel * 3]!, pixels[pixel * 3 + 1]!, pixels[pixel * 3 + 2]!]);
    for (let c = 0; c < 3; c += 1) tensor[c * size * size + pixel] = values[c]!;
  }
  return tensor;
}

function reshape(values: readonly number[], length: number): number[][] {
  return Array.from({ length: values.length / length }, (_, row) => values.slice(row * length, (row + 1) * length));
}

/** Columns run fastest. */
function gridOf(side: number): [number, number][] {
  return Array.from({ length: side * side }, (_, index) => [index % side, Math.floor(index / side)]);
}

function softmaxMean(logits: readonly number[]): number {
  const weights = logits.map(Math.exp);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.reduce((total, weight, bin) => total + (weight / sum) * bin, 0);
}

function fromCentre(cx: number, cy: number, w: number, h: number): Corners {
  return [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2];
}

function undo([x1, y1, x2, y2]: Corners, { scale, left, top }: Fitted): Corners {
  return [(x1 - left) / scale, (y1 - top) / scale, (x2 - left) / scale, (y2 - top) / scale];
}

function clip([x1, y1, x2, y2]: Corners, { width, height }: Fitted): Corners {
  const inside = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
  return [inside(x1, width), inside(y1, height), inside(x2, width), inside(y2, height)];
}

function best(scores: readonly number[], box: Corners): Found[] {
  const score = Math.max(...scores);
  return score < SCORE_FLOOR ? [] : [{ label: COCO_LABELS[scores.indexOf(score)]!, score, box }];
}

function suppress(found: readonly Found[], limit: number): Found[] {
  const kept: Found[] = [];
  for (const each of found.toSorted((a, b) => b.score - a.score)) {
    if (!kept.some((other) => other.label === each.label && overlap(other.box, each.box) > limit)) kept.push(each);
  }
  return kept;
}

function overlap(a: Corners, b: Corners): number {
  const shared = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared);
}
