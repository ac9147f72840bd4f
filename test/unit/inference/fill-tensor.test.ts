import { describe, expect, test } from 'vitest';
import { fillTensor, tensorLength } from '../../../src/inference/fill-tensor.ts';
import { placePicture } from '../../../src/inference/placement.ts';
import { echoCardJson, toCard } from './tiny-models.ts';

function inputOf(parts: Record<string, unknown>) {
  return toCard(echoCardJson(new Uint8Array([1]), { input: { width: 16, height: 16, ...parts } }), 'end-to-end').input;
}

/** Pixel (x, y) is x, y, 200. */
function gradient(width: number, height: number) {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) data.set([x, y, 200], (y * width + x) * 3);
  return { width, height, data };
}

function filled(parts: Record<string, unknown>, original: { width: number; height: number }, target?: Float32Array) {
  const input = inputOf(parts);
  const placement = placePicture(input, original);
  const tensor = target ?? new Float32Array(tensorLength(input));
  fillTensor(tensor, gradient(placement.scaled.width, placement.scaled.height), { input, placement });
  return (channel: number, x: number, y: number): number | undefined => tensor[channel * 256 + y * 16 + x];
}

describe('fillTensor', () => {
  test('planes lie one after the other, rows first, in the order of the card', () => {
    const rgb = filled({ fit: 'stretch' }, { width: 100, height: 50 });
    expect([rgb(0, 3, 5), rgb(1, 3, 5), rgb(2, 3, 5)]).toEqual([3, 5, 200]);
    const bgr = filled({ fit: 'stretch', channelOrder: 'bgr' }, { width: 100, height: 50 });
    expect([bgr(0, 3, 5), bgr(1, 3, 5), bgr(2, 3, 5)]).toEqual([200, 5, 3]);
  });

  test('a wide picture is centred between borders', () => {
    const at = filled({ fit: 'letterbox', align: 'centre' }, { width: 32, height: 16 });
    expect([at(0, 0, 3), at(0, 0, 4), at(0, 15, 11), at(0, 0, 12)]).toEqual([114, 0, 15, 114]);
    expect([at(1, 0, 4), at(1, 0, 11)]).toEqual([0, 7]);
  });

  test('a tall picture at the top left has its border on the right', () => {
    const at = filled({ fit: 'letterbox', align: 'top-left', padValue: 0 }, { width: 16, height: 32 });
    expect([at(2, 0, 0), at(2, 7, 15), at(2, 8, 15)]).toEqual([200, 200, 0]);
  });

  test('the border is a pixel and goes through the same formula: (value * scale - mean) / std', () => {
    const parts = { fit: 'letterbox', scale: 0.5, mean: [1, 2, 3], std: [2, 4, 5], padValue: 10 };
    const at = filled(parts, { width: 32, height: 16 });
    expect([at(0, 0, 0), at(1, 0, 0), at(2, 0, 0)].map((value) => value?.toFixed(4))).toEqual(['2.0000', '0.7500', '0.4000']);
    expect(at(2, 0, 5)?.toFixed(4)).toBe('19.4000');
  });

  test('a reused tensor keeps nothing of the picture before', () => {
    const tensor = new Float32Array(tensorLength(inputOf({})));
    filled({ fit: 'letterbox' }, { width: 16, height: 32 }, tensor);
    const again = filled({ fit: 'letterbox' }, { width: 32, height: 16 }, tensor);
    const fresh = filled({ fit: 'letterbox' }, { width: 32, height: 16 });
    for (const [x, y] of [
      [0, 0],
      [4, 0],
      [11, 15],
      [8, 8],
    ] as const)
      expect(again(0, x, y)).toBe(fresh(0, x, y));
  });

  test('a target of the wrong length is refused', () => {
    expect(() => filled({}, { width: 16, height: 16 }, new Float32Array(10))).toThrow(RangeError);
  });
});

describe('placePicture', () => {
  test.each([
    ['§4 1920×1080', { width: 1920, height: 1080 }, { width: 640, height: 360 }, [300, 240, 340, 340], [900, 300, 1020, 600]],
    ['§4 2560×1920', { width: 2560, height: 1920 }, { width: 640, height: 480 }, [0, 80, 640, 560], [0, 0, 2560, 1920]],
    ['§4 704×576', { width: 704, height: 576 }, { width: 640, height: 524 }, [0, 0, 640, 640], [0, 0, 704, 576]],
  ])('%s in a letterbox of 640', (_, original, scaled, [x1 = 0, y1 = 0, x2 = 0, y2 = 0], [ox1, oy1, ox2, oy2]) => {
    const placement = placePicture(inputOf({ width: 640, height: 640, fit: 'letterbox' }), original);
    expect(placement.scaled).toEqual(scaled);
    expect(placement.toOriginal({ x1, y1, x2, y2 })).toEqual({ x1: ox1, y1: oy1, x2: ox2, y2: oy2 });
  });

  test('stretching has a scale of its own for each side', () => {
    const placement = placePicture(inputOf({ fit: 'stretch' }), { width: 160, height: 32 });
    expect(placement.scaled).toEqual({ width: 16, height: 16 });
    expect(placement.toOriginal({ x1: -1, y1: 1, x2: 8, y2: 99 })).toEqual({ x1: 0, y1: 2, x2: 80, y2: 32 });
  });
});
