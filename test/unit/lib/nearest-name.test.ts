import { expect, test } from 'vitest';
import { editDistance, nearestName } from '../../../src/lib/nearest-name.ts';

test.each([
  ['', '', 0],
  ['a', '', 1],
  ['', 'abc', 3],
  ['same', 'same', 0],
  ['devcie', 'device', 1],
  ['kitten', 'sitting', 3],
])('%j and %j are %i edits apart', (a, b, expected) => {
  expect(editDistance(a, b)).toBe(expected);
  expect(editDistance(b, a)).toBe(expected);
});

test('suggests a near name only', () => {
  expect(nearestName('timezon', ['timezone', 'time'])).toBe('timezone');
  expect(nearestName('Sampel', ['sample', 'home'])).toBe('sample');
  expect(nearestName('xyz', ['timezone', 'home'])).toBeUndefined();
  expect(nearestName('x', [])).toBeUndefined();
});
