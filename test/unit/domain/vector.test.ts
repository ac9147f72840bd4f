import { expect, test } from 'vitest';

import { decodeVector, encodeVector } from '../../../src/domain/vector.ts';

// schema §9

test('an empty vector is no bytes, and no bytes are an empty vector', () => {
  expect(encodeVector([])).toEqual(new Uint8Array());
  expect(decodeVector(new Uint8Array())).toEqual([]);
});

test.each([1, 2, 3, 5, 2047])('%i bytes are not a vector', (length) => {
  expect(() => decodeVector(new Uint8Array(length))).toThrow(RangeError);
});

test.each([Number.NaN, Infinity, -Infinity, 1e39, Number.MAX_VALUE])(
  'a vector with %d is refused, not stored as something else',
  (value) => {
    expect(() => encodeVector([0, value])).toThrow(/number 1 of the vector/);
  },
);

test.each([
  [[1], '0000803f'],
  [[-2, 0.5], '000000c00000003f'],
  [[0.1], 'cdcccc3d'],
  [[3.4028234663852886e38], 'ffff7f7f'],
  [[1e-45], '01000000'],
  [[-0], '00000080'],
])('%j is stored as %s, little-endian', (vector, hex) => {
  expect(Buffer.from(encodeVector(vector)).toString('hex')).toBe(hex);
});

test('what float32 holds comes back as it was, the rest rounded to float32', () => {
  const vector = Array.from({ length: 512 }, (_, index) => Math.fround(Math.sin(index)));
  expect(decodeVector(encodeVector(vector))).toEqual(vector);
  expect(decodeVector(encodeVector(Float32Array.from(vector)))).toEqual(vector);
  expect(decodeVector(encodeVector([0.1, 1 / 3]))).toEqual([Math.fround(0.1), Math.fround(1 / 3)]);
});

test('bytes in the middle of a larger buffer are read from their own start', () => {
  const buffer = Buffer.concat([Buffer.from([9, 9, 9]), encodeVector([1, 2]), Buffer.from([9])]);
  expect(decodeVector(buffer.subarray(3, 11))).toEqual([1, 2]);
});
