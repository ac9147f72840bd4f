import { expect, test } from 'vitest';
import { parseInstant } from '../../../../src/services/lists/parse-instant.ts';

const asOf = new Date('2026-01-20T12:00:00Z');
const options = { name: '--since', zone: 'Europe/Berlin', asOf };

test.each([
  ['7d', '2026-01-13T12:00:00.000Z'],
  ['0d', '2026-01-20T12:00:00.000Z'],
  ['1.5h', '2026-01-20T10:30:00.000Z'],
  ['90m', '2026-01-20T10:30:00.000Z'],
  ['30s', '2026-01-20T11:59:30.000Z'],
  ['2w', '2026-01-06T12:00:00.000Z'],
  ['2026-01-14', '2026-01-13T23:00:00.000Z'],
  ['2026-01-14T08:15', '2026-01-14T07:15:00.000Z'],
  ['2026-01-14 08:15:30', '2026-01-14T07:15:30.000Z'],
  ['2026-01-14T08:15:30.250', '2026-01-14T07:15:30.250Z'],
  ['2026-01-14T08:15:30.2', '2026-01-14T07:15:30.200Z'],
  ['2026-01-14T08:15:30,250999', '2026-01-14T07:15:30.250Z'],
  ['2026-01-14T08:15:00Z', '2026-01-14T08:15:00.000Z'],
  ['2026-01-14t08:15:00z', '2026-01-14T08:15:00.000Z'],
  ['2026-01-14T08:15:00+02:00', '2026-01-14T06:15:00.000Z'],
  ['2026-01-14T08:15:00-0530', '2026-01-14T13:45:00.000Z'],
  ['2026-03-29T02:15', '2026-03-29T01:15:00.000Z'],
  ['2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
])('%s is %s', (text, expected) => {
  expect(parseInstant(text, options)?.toISOString()).toBe(expected);
});

test.each([
  ['2026-01-14', '2026-01-14T23:00:00.000Z'],
  ['2026-12-31', '2026-12-31T23:00:00.000Z'],
  // 25 hours long: the clock goes back that night.
  ['2026-10-25', '2026-10-25T23:00:00.000Z'],
  ['2026-10-25T02:30', '2026-10-25T01:30:00.000Z'],
  ['2026-01-14T08:15', '2026-01-14T07:15:00.000Z'],
])('as the end of a span %s is %s', (text, expected) => {
  expect(parseInstant(text, { ...options, name: '--until', endsSpan: true })?.toISOString()).toBe(expected);
});

test('a relative time bounds nothing when there is no footage to count back from', () => {
  expect(parseInstant('7d', { ...options, asOf: undefined })).toBeUndefined();
});

test.each([
  '',
  'yesterday',
  '7',
  '-7d',
  '7 d',
  '2026-13-01',
  '2026-04-31',
  '2026-02-29',
  '2026-01-14T25:00',
  '2026-01-14T08:15:60',
  '14.01.2026',
  '20260114',
])('%j is refused', (text) => {
  expect(() => parseInstant(text, options)).toThrow(expect.objectContaining({ exitCode: 2 }));
});
