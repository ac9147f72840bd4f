import { expect, test } from 'vitest';
import { cleanMask, findRegions } from '../../../src/domain/motion-regions.ts';

/** Rows of `#` (set) and anything else. */
function toMask(rows: string[]) {
  const size = { width: rows[0]!.length, height: rows.length };
  return { size, pixels: Uint8Array.from(Array.from(rows.join('')).map((sign) => (sign === '#' ? 1 : 0))) };
}

function clean(rows: string[]): string[] {
  const { size, pixels } = toMask(rows);
  const cleaned = new Uint8Array(pixels.length).fill(9);
  cleanMask(pixels, size, cleaned);
  return rows.map((row, y) => Array.from(row, (_, x) => (cleaned[y * size.width + x] ? '#' : '.')).join(''));
}

test.each([
  ['nothing', ['...', '...', '...'], ['...', '...', '...']],
  ['a lone pixel goes', ['...', '.#.', '...'], ['...', '...', '...']],
  ['four of nine go, five stay', ['##..', '##..', '#...'], ['....', '##..', '....']],
  ['beyond the border nothing is set', ['###', '###', '###'], ['.#.', '###', '.#.']],
  ['the end of a row does not touch the next one', ['..##', '#.##', '#.##'], ['....', '..##', '....']],
])('cleaning keeps pixels with five of nine set (§3.2): %s', (_, rows, expected) => {
  expect(clean(rows)).toEqual(expected);
});

function regionsOf(rows: string[], differences?: Float32Array) {
  const { size, pixels } = toMask(rows);
  const difference = differences ?? new Float32Array(pixels.length).fill(50);
  const background = new Float32Array(pixels.length);
  const moving = { size, cleaned: pixels, difference, background, queue: new Int32Array(pixels.length) };
  return { regions: findRegions(moving, difference), left: pixels };
}

test('regions touch over corners but not over the picture border (§3.2)', () => {
  expect(regionsOf(['#...', '.#..', '....', '....']).regions).toHaveLength(1);
  expect(regionsOf(['...#', '#...', '....', '....']).regions).toHaveLength(2);
});

test('a ring is one region with the box of its outside', () => {
  const { regions } = regionsOf(['.####', '.#..#', '.####']);
  expect(regions).toEqual([{ box: { x: 1, y: 0, width: 4, height: 3 }, areaPx: 10, meanDifference: 50 }]);
});

test('regions come largest first, equal ones from the top down', () => {
  const { regions } = regionsOf(['#..##', '.....', '##.##', '.....', '..###']);
  expect(regions.map(({ areaPx, box }) => [areaPx, box.x, box.y])).toEqual([
    [3, 2, 4],
    [2, 3, 0],
    [2, 0, 2],
    [2, 3, 2],
    [1, 0, 0],
  ]);
});

test('the mean difference is taken over the pixels of the region', () => {
  expect(regionsOf(['##.'], Float32Array.of(30, 60, 255)).regions[0]?.meanDifference).toBe(45);
});

test.each([
  [29, true],
  [28, false],
])('of 320×180 a region of %i pixels is kept: %s (§3.2)', (areaPx, isKept) => {
  const rows = Array.from({ length: 180 }, (_, y) => (y === 70 ? '#'.repeat(areaPx) : '').padEnd(320, '.'));
  const { regions, left } = regionsOf(rows);
  expect(regions).toHaveLength(isKept ? 1 : 0);
  expect(left.some((value) => value !== 0)).toBe(isKept);
});

test('a picture that moves everywhere is one region', () => {
  const rows = Array.from({ length: 180 }, () => '#'.repeat(320));
  expect(regionsOf(rows).regions).toEqual([{ box: { x: 0, y: 0, width: 320, height: 180 }, areaPx: 57_600, meanDifference: 50 }]);
});
