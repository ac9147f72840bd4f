import { expect, test } from 'vitest';
import { aboutBytes, aboutDuration, aboutNumber, aboutText } from '../../../src/cli/about-text.ts';

test.each([
  [0, '0 s'],
  [0.123, '0.12 s'],
  [61.4, '61 s'],
  [90, '1.5 min'],
  [1_274, '21 min'],
  [5_399, '90 min'],
  [5_400, '1.5 h'],
  [172_799, '48 h'],
  [172_800, '2 d'],
  [1e8, '1200 d'],
])('%s seconds are about %s', (seconds, text) => {
  expect(aboutDuration(seconds)).toBe(text);
});

test('numbers and sizes have two digits', () => {
  expect([0, 7, 0.345, 1234, 98765].map(aboutNumber)).toEqual(['0', '7', '0.34', '1200', '99000']);
  expect([0, 999, 123_456_789].map(aboutBytes)).toEqual(['0 B', '1.0 kB', '120 MB']);
});

test('an interval is told, or that there is none', () => {
  expect(aboutText({ likely: 100, low: 91, high: 150 }, aboutDuration)).toBe('about 1.7 min (1.5 min to 2.5 min)');
  expect(aboutText({ likely: 5, low: null, high: null }, aboutNumber)).toBe('about 5 (too little was measured to say how far off)');
});
