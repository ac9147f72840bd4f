import { expect, test } from 'vitest';

import { compareNatural } from '../../../src/media/natural-order.ts';

test('numbers count as numbers, letters without regard to case come first by spelling', () => {
  const names = ['img10.jpg', 'img9.jpg', 'IMG1.jpg', 'img01.jpg', 'img1.jpg', '', 'b', 'A'];
  expect(names.sort(compareNatural)).toEqual(['', 'A', 'b', 'img01.jpg', 'img1.jpg', 'IMG1.jpg', 'img9.jpg', 'img10.jpg']);
});

test('the order is total: only equal names compare equal', () => {
  const names = ['e\u0301', '\u00e9', 'a1', 'a01', 'a001'];
  for (const a of names) for (const b of names) expect(compareNatural(a, b) === 0).toBe(a === b);
});
