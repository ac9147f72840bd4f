import { expect, test } from 'vitest';
import { nullIfMissing, present } from '../../../src/lib/present.ts';

test.each([
  [{}, {}],
  [{ a: null, b: undefined }, {}],
  [
    { a: 0, b: '', c: false, d: [] },
    { a: 0, b: '', c: false, d: [] },
  ],
])('present(%o) keeps what has a value', (object, expected) => {
  expect(present(object)).toStrictEqual(expected);
});

test.each([
  [{}, {}],
  [
    { a: undefined, b: null, c: 0 },
    { a: null, b: null, c: 0 },
  ],
])('nullIfMissing(%o) has every key', (object, expected) => {
  expect(nullIfMissing(object)).toStrictEqual(expected);
});
