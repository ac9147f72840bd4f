import { expect, test } from 'vitest';
import { toClock, toDurationMs } from '../../../src/cli/moment-flags.ts';

test.each([
  ['45s', 45_000],
  ['90m', 5_400_000],
  ['1h30m', 5_400_000],
  ['1.5H', 5_400_000],
  ['2d', 172_800_000],
])('%s is %d ms', (text, expected) => {
  expect(toDurationMs(text)).toBe(expected);
});

test.each(['', '0s', '90', 'm', '1h x', '-1h', '1h-1m', '1e9s'])('%j is no length of time', (text) => {
  expect(() => toDurationMs(text)).toThrow(/not a length of time/);
});

test.each([
  ['06:00', { hour: 6, minute: 0 }],
  ['6:05', { hour: 6, minute: 5 }],
  ['23:59', { hour: 23, minute: 59 }],
])('%s is a time of day', (text, expected) => {
  expect(toClock(text)).toEqual(expected);
});

test.each(['', '24:00', '6', '06:60', '06:00:00', '6 am'])('%j is no time of day', (text) => {
  expect(() => toClock(text)).toThrow(/not a time of day/);
});
