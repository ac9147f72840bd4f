import { describe, expect, test } from 'vitest';
import { familyOf } from '../../../src/inference/families/families.ts';
import type { Candidate, OutputTensor } from '../../../src/inference/families/family.ts';
import type { DetectorCard } from '../../../src/inference/model-card.ts';
import { echoCardJson, toCard } from './tiny-models.ts';

const bytes = new Uint8Array([1]);
const SIDE = 32;

function cardOf(family: DetectorCard['family'], parts: Record<string, unknown>): DetectorCard {
  const input = { width: SIDE, height: SIDE, ...(family === 'deim' ? { sizesInput: 'sizes' } : {}) };
  return toCard(echoCardJson(bytes, { ...parts, classes: ['a', 'b'], input }), family);
}

function tensor(dims: number[], entries: readonly (readonly [index: number, value: number])[] = []): OutputTensor {
  const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
  for (const [index, value] of entries) data[index] = value;
  return { dims, data };
}

function decode(card: DetectorCard, outputs: Record<string, OutputTensor>, scoreFloor = 0.25): Candidate[] {
  return familyOf(card).decode(new Map(Object.entries(outputs)), scoreFloor);
}

function rounded(candidates: readonly Candidate[]): number[][] {
  const tidy = (value: number): number => Math.round(value * 1000) / 1000;
  return candidates.map(({ classId, score, box }) => [classId, ...[score, box.x1, box.y1, box.x2, box.y2].map(tidy)]);
}

describe('yolox', () => {
  // Strides 8, 16, 32 of a 32×32 input: 16 + 4 + 1 cells of 4 box numbers, objectness and 2 classes.
  const card = cardOf('yolox', { outputs: { predictions: 'out' } });
  const cell = (row: number, values: number[]): (readonly [number, number])[] =>
    values.map((value, index) => [row * 7 + index, value] as const);

  test('nothing above the floor is nothing', () => {
    expect(decode(card, { out: tensor([21, 7]) })).toEqual([]);
  });

  test('cells are row-major, stride by stride; sizes are logarithms', () => {
    const rows = [
      ...cell(6, [0.5, 0.25, Math.log(2), Math.log(1), 0.9, 0.1, 0.5]), // stride 8, column 2, line 1
      ...cell(18, [0, 0, 0, 0, 1, 0.75, 0]), // stride 16, column 0, line 1
      ...cell(20, [0.5, 0.5, 0, 0, 0.5, 0.5, 0.5]), // stride 32, score exactly at the floor
    ];
    expect(rounded(decode(card, { out: tensor([21, 7], rows) }))).toEqual([
      [1, 0.45, 12, 6, 28, 14],
      [0, 0.75, -8, 8, 8, 24],
      [0, 0.25, 0, 0, 32, 32],
    ]);
  });

  test('objectness times class score decides, not one of them', () => {
    expect(decode(card, { out: tensor([21, 7], cell(0, [0, 0, 0, 0, 0.49, 0.5, 0])) })).toEqual([]);
  });

  test('not a number is no detection', () => {
    expect(decode(card, { out: tensor([21, 7], cell(0, [0, 0, 0, 0, NaN, 1, 0])) })).toEqual([]);
  });

  test('the shape it expects follows from the input size, strides and classes', () => {
    expect(familyOf(card).expectedOutputs(2)).toEqual([{ name: 'out', type: 'float32', dims: [null, 21, 7] }]);
  });

  test('a missing output is said by name', () => {
    expect(() => decode(card, {})).toThrow('"out"');
  });
});

describe('deim', () => {
  const card = cardOf('deim', { outputs: { labels: 'labels', boxes: 'boxes', scores: 'scores' } });
  const outputs = (scores: number[], labels: bigint[], boxes: number[]): Record<string, OutputTensor> => ({
    labels: { dims: [labels.length], data: BigInt64Array.from(labels) },
    boxes: { dims: [labels.length, 4], data: Float32Array.from(boxes) },
    scores: { dims: [labels.length], data: Float32Array.from(scores) },
  });

  test('no queries are no boxes', () => {
    expect(decode(card, outputs([], [], []))).toEqual([]);
  });

  test('boxes are corners in pixels of the original already', () => {
    expect(familyOf(card).boxesIn).toBe('original');
    const found = decode(card, outputs([0.5, 0.2, 0.25], [1n, 0n, 0n], [900, 300, 1020, 600, 0, 0, 1, 1, 5, 6, 7, 8]));
    expect(rounded(found)).toEqual([
      [1, 0.5, 900, 300, 1020, 600],
      [0, 0.25, 5, 6, 7, 8],
    ]);
  });

  test('a card without the input for sizes is refused', () => {
    expect(() => toCard(echoCardJson(bytes, { outputs: { labels: 'l', boxes: 'b', scores: 's' } }), 'deim')).toThrow('sizesInput');
  });
});

describe('nanodet', () => {
  const levels = [
    { stride: 16, scores: 's16', boxes: 'b16' },
    { stride: 32, scores: 's32', boxes: 'b32' },
  ];
  const card = cardOf('nanodet', { outputs: { levels }, bins: 8 });
  const empty = { s16: tensor([4, 2]), b16: tensor([4, 32]), s32: tensor([1, 2]), b32: tensor([1, 32]) };

  test('nothing above the floor is nothing', () => {
    expect(decode(card, empty)).toEqual([]);
  });

  test('each side is the mean of its distribution times the stride, from the middle of the cell', () => {
    // Cell 3 of stride 16 is column 1, line 1: middle 16 + 7.5. Sides peak at 1, 2, 0 and 7 bins.
    const boxes = [1, 2, 0, 7].map((bin, side) => [3 * 32 + side * 8 + bin, 100] as const);
    const found = decode(card, { ...empty, s16: tensor([4, 2], [[7, 0.6]]), b16: tensor([4, 32], boxes) });
    expect(rounded(found)).toEqual([[1, 0.6, 7.5, -8.5, 23.5, 135.5]]);
  });

  test('a flat distribution is its middle, 3.5 bins', () => {
    const found = decode(card, { ...empty, s32: tensor([1, 2], [[0, 0.25]]) });
    expect(rounded(found)).toEqual([[0, 0.25, 15.5 - 112, 15.5 - 112, 15.5 + 112, 15.5 + 112]]);
  });

  test('huge logits do not overflow', () => {
    const found = decode(card, {
      ...empty,
      s32: tensor([1, 2], [[0, 0.5]]),
      b32: tensor(
        [1, 32],
        [
          [1, 5000],
          [9, 5000],
          [17, 5000],
          [25, 5000],
        ],
      ),
    });
    expect(rounded(found)).toEqual([[0, 0.5, -16.5, -16.5, 47.5, 47.5]]);
  });
});

describe('yolov8', () => {
  const card = cardOf('yolov8', { outputs: { predictions: 'out' } });

  test('nothing above the floor is nothing', () => {
    expect(decode(card, { out: tensor([6, 3]) })).toEqual([]);
  });

  test('rows are channels, columns are anchors; centre and size', () => {
    // 3 anchors; anchor 1: centre 10,20 size 4×6, classes 0.1, 0.8; anchor 2: at the floor.
    const values = [
      [1, 10],
      [4, 20],
      [7, 4],
      [10, 6],
      [13, 0.1],
      [16, 0.8],
      [2, 5],
      [5, 5],
      [8, 2],
      [11, 2],
      [14, 0.25],
    ] as const;
    expect(rounded(decode(card, { out: tensor([6, 3], values) }))).toEqual([
      [1, 0.8, 8, 17, 12, 23],
      [0, 0.25, 4, 4, 6, 6],
    ]);
  });

  test('of equal classes the first counts', () => {
    expect(
      decode(card, {
        out: tensor(
          [6, 1],
          [
            [4, 0.5],
            [5, 0.5],
          ],
        ),
      })[0]?.classId,
    ).toBe(0);
  });
});

describe('end-to-end', () => {
  const card = cardOf('end-to-end', { outputs: { predictions: 'out' } });

  test('no rows are no boxes', () => {
    expect(decode(card, { out: tensor([0, 6]) })).toEqual([]);
  });

  test('rows are corners, score, class', () => {
    const rows = [1, 2, 3, 4, 0.9, 1, 5, 6, 7, 8, 0.2, 0, 9, 10, 11, 12, 0.25, 0].map((value, index) => [index, value] as const);
    expect(rounded(decode(card, { out: tensor([3, 6], rows) }))).toEqual([
      [1, 0.9, 1, 2, 3, 4],
      [0, 0.25, 9, 10, 11, 12],
    ]);
  });
});

describe('yunet', () => {
  // Strides 8 and 16 of a 32×32 input: 16 and 4 cells.
  const levels = [8, 16].map((stride) => ({ stride, scores: `cls${stride}`, objectness: `obj${stride}`, boxes: `box${stride}` }));
  const card = toCard(
    echoCardJson(bytes, { task: 'faces', classes: ['face'], input: { width: SIDE, height: SIDE }, outputs: { levels } }),
    'yunet',
  );
  type Cell = { score: number; objectness: number; box: number[] };
  const outputsOf = (cells: { stride: number; cell: number; values: Cell }[]): Record<string, OutputTensor> => {
    const outputs: Record<string, OutputTensor> = {};
    for (const [stride, count] of [
      [8, 16],
      [16, 4],
    ] as const) {
      const mine = cells.filter((one) => one.stride === stride);
      outputs[`cls${stride}`] = tensor(
        [count, 1],
        mine.map(({ cell, values }) => [cell, values.score]),
      );
      outputs[`obj${stride}`] = tensor(
        [count, 1],
        mine.map(({ cell, values }) => [cell, values.objectness]),
      );
      const numbers = mine.flatMap(({ cell, values }) => values.box.map((value, side) => [cell * 4 + side, value] as const));
      outputs[`box${stride}`] = tensor([count, 4], numbers);
    }
    return outputs;
  };

  test('nothing above the floor is nothing', () => {
    expect(decode(card, outputsOf([]))).toEqual([]);
  });

  test('the score is the root of class score times objectness; centres are from the corner of the cell, sizes logarithms', () => {
    const found = decode(
      card,
      outputsOf([
        { stride: 8, cell: 6, values: { score: 0.81, objectness: 1, box: [0.5, 0.25, Math.log(2), 0] } }, // column 2, line 1
        { stride: 16, cell: 3, values: { score: 0.25, objectness: 1, box: [0, 0, 0, 0] } }, // column 1, line 1
        { stride: 16, cell: 0, values: { score: 0.2, objectness: 1, box: [0, 0, 0, 0] } }, // root 0.447
      ]),
      0.5,
    );
    expect(rounded(found)).toEqual([
      [0, 0.9, 12, 6, 28, 14],
      [0, 0.5, 8, 8, 24, 24],
    ]);
  });

  test('numbers a little beyond 0 and 1 are brought back, not a number is no face', () => {
    const box = [0, 0, 0, 0];
    const values = [
      { score: 1.2, objectness: 1.1, box },
      { score: -1, objectness: -1, box },
      { score: NaN, objectness: 1, box },
    ];
    const found = decode(card, outputsOf(values.map((each, cell) => ({ stride: 8, cell, values: each }))));
    expect(found.map(({ score }) => score)).toEqual([1]);
  });
});

describe('lpd-yunet', () => {
  // A 64×48 input: 16×12 cells of 4 px are halved to 8×6 of stride 8, then to 4×3 of stride 16; two sizes, then one: 96 + 12 priors.
  const card = toCard(
    echoCardJson(bytes, {
      task: 'plates',
      classes: ['plate'],
      input: { width: 64, height: 48 },
      outputs: { boxes: 'loc', scores: 'conf', overlaps: 'iou' },
      levels: [
        { stride: 8, sizes: [10, 20] },
        { stride: 16, sizes: [40] },
      ],
    }),
    'lpd-yunet',
  );
  type Found = { prior: number; score: number; overlap: number; corners?: number[] };
  const outputsOf = (found: Found[]): Record<string, OutputTensor> => ({
    conf: tensor(
      [108, 2],
      found.map(({ prior, score }) => [2 * prior + 1, score]),
    ),
    iou: tensor(
      [108, 1],
      found.map(({ prior, overlap }) => [prior, overlap]),
    ),
    loc: tensor(
      [108, 14],
      found.flatMap(({ prior, corners = [] }) =>
        corners.map((value, index) => [prior * 14 + [4, 5, 6, 7, 10, 11, 12, 13][index]!, value] as const),
      ),
    ),
  });

  test('its outputs have as many rows as there are priors, and no batch axis', () => {
    expect(
      familyOf(card)
        .expectedOutputs(1)
        .map(({ dims }) => dims),
    ).toEqual([
      [108, 14],
      [108, 2],
      [108, 1],
    ]);
  });

  test('nothing above the floor is nothing', () => {
    expect(decode(card, outputsOf([{ prior: 0, score: 1, overlap: 0 }]))).toEqual([]);
  });

  // Prior 2·(1·8 + 3) + 1 = 23 is column 3, line 1 of stride 8 with size 20: middle 28, 12; a tenth of its size is 2 px.
  // Prior 96 + 1·4 + 2 = 102 is column 2, line 1 of stride 16 with size 40: middle 40, 24.
  test('the box is the one around the four corners, which are tenths of the prior from its middle', () => {
    const found = decode(
      card,
      outputsOf([
        { prior: 23, score: 1, overlap: 0.81, corners: [-5, -2, 5, -1.5, 4.5, 2, -5.5, 1.5] },
        { prior: 102, score: 0.5, overlap: 1.5, corners: [-1, -1, 1, -1, 1, 1, -1, 1] },
      ]),
      0.5,
    );
    expect(rounded(found)).toEqual([
      [0, 0.9, 17, 8, 38, 16],
      [0, 0.707, 36, 20, 44, 28],
    ]);
  });
});
