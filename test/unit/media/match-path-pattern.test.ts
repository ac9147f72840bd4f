import { expect, test } from 'vitest';

import { pathMatcher } from '../../../src/media/match-path-pattern.ts';

test.each<[string, string, boolean]>([
  ['*.jpg', 'x.jpg', true],
  ['*.jpg', 'a/b/X.JPG', true],
  ['*.jpg', 'x.jpg/y.png', false],
  ['garage', 'a/garage', true],
  ['garage', 'a/garage2', false],
  ['a/*.jpg', 'a/x.jpg', true],
  ['a/*.jpg', 'a/b/x.jpg', false],
  ['a/**/*.jpg', 'a/x.jpg', true],
  ['a/**/*.jpg', 'a/b/c/x.jpg', true],
  ['**/cam1/**', 'site/cam1/2026/x.mp4', true],
  ['**/cam1/**', 'site/cam10/x.mp4', false],
  ['**', 'anything/at/all.mp4', true],
  ['a/**', 'a/b/c.jpg', true],
  ['a/**', 'ab/c.jpg', false],
  ['./a/x.jpg', 'a/x.jpg', true],
  ['a/', 'a', true],
  ['img?.jpg', 'img1.jpg', true],
  ['img?.jpg', 'img10.jpg', false],
  ['a?b', 'a/b', false],
  ['x[1].jpg', 'x[1].jpg', true],
  ['x[1].jpg', 'x1.jpg', false],
  ['(a|b)+$.^{2}', '(a|b)+$.^{2}', true],
  ['2026-03-01_*', '2026-03-01_x.jpg', true],
  ['*10-16*', 'cam-10-16.jpg', true],
  ['*', 'zeile\numbruch.jpg', true],
  ['ü*.jpg', 'Über.jpg', true],
  ['', 'x', false],
])('%j and %j: %s', (pattern, path, expected) => {
  expect(pathMatcher(pattern)(path)).toBe(expected);
});

test('a pattern of many stars does not outlast a test', () => {
  expect(pathMatcher(`${'**'.repeat(20)}x`)('a'.repeat(500))).toBe(false);
});
