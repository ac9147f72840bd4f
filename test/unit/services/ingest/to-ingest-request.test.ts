import { expect, test } from 'vitest';
import { nextAt } from '../../../../src/services/ingest/to-ingest-request.ts';

test.each([
  ['later today', '2026-06-01T20:00:00Z', { hour: 23, minute: 30 }, 'UTC', '2026-06-01T23:30:00.000Z'],
  ['tomorrow', '2026-06-01T20:00:00Z', { hour: 6, minute: 0 }, 'UTC', '2026-06-02T06:00:00.000Z'],
  ['now is over', '2026-06-01T06:00:00Z', { hour: 6, minute: 0 }, 'UTC', '2026-06-02T06:00:00.000Z'],
  ['in the zone', '2026-06-01T20:00:00Z', { hour: 6, minute: 0 }, 'Europe/Berlin', '2026-06-02T04:00:00.000Z'],
  ['a skipped hour moves forward', '2026-03-28T23:00:00Z', { hour: 2, minute: 30 }, 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['a repeated hour is its first', '2026-10-24T20:00:00Z', { hour: 2, minute: 30 }, 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ['a day of 23 hours is not passed over', '2026-03-28T22:30:00Z', { hour: 6, minute: 0 }, 'Europe/Berlin', '2026-03-29T04:00:00.000Z'],
  ['nor one of 25 hours taken twice', '2026-10-24T22:30:00Z', { hour: 0, minute: 15 }, 'Europe/Berlin', '2026-10-25T23:15:00.000Z'],
])('--stop-at: %s', (_, now, clock, zone, expected) => {
  expect(new Date(nextAt(clock, Date.parse(now), zone)).toISOString()).toBe(expected);
});
