import { expect, test } from 'vitest';
import { counted } from '../../../src/lib/counted.ts';

test.each([
  [0, '0 files'],
  [1, '1 file'],
  [2, '2 files'],
  [1_000_000, '1000000 files'],
])('%i', (count, text) => {
  expect(counted(count, 'file')).toBe(text);
});
