import { expect, test } from 'vitest';
import { diffLines } from '../../../src/domain/line-diff.ts';

test.each([
  ['', '', ''],
  ['', 'a', '+a'],
  ['a', '', '-a'],
  ['a b c', 'a b c', ' a b c'],
  ['a b c', 'a x c', ' a-b+x c'],
  ['a b c d', 'b d e', '-a b-c d+e'],
  ['a b', 'c d', '-a-b+c+d'],
  ['x a a y', 'x a y', ' x a-a y'],
])('from %j to %j: %j', (from, to, expected) => {
  const lines = (text: string): string[] => (text === '' ? [] : text.split(' '));
  const shown = diffLines(lines(from), lines(to)).map(({ op, line }) => `${op}${line}`);
  expect(shown.join('')).toBe(expected);
});

test('texts of very many other lines are shown as a whole, soon', () => {
  const lines = (letter: string): string[] => Array.from({ length: 20_000 }, (_, place) => `${letter}${String(place)}`);
  expect(diffLines(lines('a'), lines('b'))).toHaveLength(40_000);
});
