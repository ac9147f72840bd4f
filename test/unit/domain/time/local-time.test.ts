import { Temporal } from '@js-temporal/polyfill';
import { afterEach, describe, expect, test } from 'vitest';
import {
  fieldsOfWallClock,
  formatLocal,
  isRealDateTime,
  isValidZone,
  type LocalDateTime,
  localToUtc,
  offsetMsAt,
  utcToLocal,
} from '../../../../src/domain/time/local-time.ts';

function local(text: string): LocalDateTime {
  return fieldsOfWallClock(Date.parse(`${text}Z`));
}

const ms = (text: string): number => Date.parse(text);

describe('localToUtc (§1.4)', () => {
  test.each([
    ['America/New_York', '2026-07-04T08:15:00', { kind: 'one', utcMs: ms('2026-07-04T12:15:00Z') }],
    ['America/New_York', '2026-03-08T02:30:00', { kind: 'gap', utcMs: ms('2026-03-08T07:30:00Z') }],
    ['America/New_York', '2026-11-01T01:30:00', { kind: 'fold', earlyMs: ms('2026-11-01T05:30:00Z'), lateMs: ms('2026-11-01T06:30:00Z') }],
    ['Europe/Berlin', '2026-03-29T02:15:00', { kind: 'gap', utcMs: ms('2026-03-29T01:15:00Z') }],
    ['Europe/Berlin', '2026-10-25T02:30:00', { kind: 'fold', earlyMs: ms('2026-10-25T00:30:00Z'), lateMs: ms('2026-10-25T01:30:00Z') }],
    [
      'Australia/Lord_Howe',
      '2026-04-05T01:45:00',
      { kind: 'fold', earlyMs: ms('2026-04-04T14:45:00Z'), lateMs: ms('2026-04-04T15:15:00Z') },
    ],
    ['Australia/Lord_Howe', '2026-10-04T02:10:00', { kind: 'gap', utcMs: ms('2026-10-03T15:40:00Z') }],
    ['America/Sao_Paulo', '2018-11-04T00:30:00', { kind: 'gap', utcMs: ms('2018-11-04T03:30:00Z') }],
    ['Asia/Kolkata', '2026-01-15T00:00:00', { kind: 'one', utcMs: ms('2026-01-14T18:30:00Z') }],
    ['UTC', '2026-10-25T02:30:00', { kind: 'one', utcMs: ms('2026-10-25T02:30:00Z') }],
    // The edges of the hours that are skipped and repeated.
    ['America/New_York', '2026-03-08T01:59:59.999', { kind: 'one', utcMs: ms('2026-03-08T06:59:59.999Z') }],
    ['America/New_York', '2026-03-08T03:00:00', { kind: 'one', utcMs: ms('2026-03-08T07:00:00Z') }],
    ['America/New_York', '2026-11-01T00:59:59.999', { kind: 'one', utcMs: ms('2026-11-01T04:59:59.999Z') }],
    ['America/New_York', '2026-11-01T02:00:00', { kind: 'one', utcMs: ms('2026-11-01T07:00:00Z') }],
    // A whole day left out when Samoa crossed the date line.
    ['Pacific/Apia', '2011-12-30T12:00:00', { kind: 'gap', utcMs: ms('2011-12-30T22:00:00Z') }],
  ])('%s %s', (zone, text, expected) => {
    expect(localToUtc(local(text), zone)).toEqual(expected);
  });

  test.each([
    ['America/New_York', '2026-03-08T07:30:00Z', '2026-03-08T03:30:00.000-04:00'],
    ['Europe/Berlin', '2026-03-29T01:15:00Z', '2026-03-29T03:15:00.000+02:00'],
    ['Australia/Lord_Howe', '2026-10-03T15:40:00Z', '2026-10-04T02:40:00.000+11:00'],
    ['America/Sao_Paulo', '2018-11-04T03:30:00Z', '2018-11-04T01:30:00.000-02:00'],
    ['Asia/Kolkata', '2026-01-14T18:30:00.007Z', '2026-01-15T00:00:00.007+05:30'],
    ['UTC', '1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000+00:00'],
    ['Africa/Monrovia', '1971-06-01T00:00:00Z', '1971-05-31T23:15:30.000-00:44:30'],
  ])('%s reads %s as %s', (zone, instant, text) => {
    expect(formatLocal(ms(instant), zone)).toBe(text);
  });

  test('agrees with Temporal around real changes of the clock in many zones', () => {
    const zones = [...Intl.supportedValuesOf('timeZone').filter((_, index) => index % 12 === 0), 'Africa/Casablanca', 'Europe/Dublin'];
    let changes = 0;
    for (const zone of zones) {
      for (const changeWallMs of wallTimesOfChanges(zone)) {
        changes++;
        for (let minutes = -95; minutes <= 95; minutes += 10) {
          const wallMs = changeWallMs + minutes * 60_000;
          expect(readings(zone, wallMs), `${zone} ${new Date(wallMs).toISOString()}`).toEqual(readingsByTemporal(zone, wallMs));
        }
      }
    }
    expect(changes).toBeGreaterThan(40);
  });

  test('what a camera shows is read back to the instant it was', () => {
    for (let minutes = -180; minutes <= 180; minutes += 7) {
      const utcMs = ms('2026-11-01T06:00:00Z') + minutes * 60_000;
      expect(readings('America/New_York', utcToWallMs(utcMs))).toContain(utcMs);
    }
  });
});

function utcToWallMs(utcMs: number): number {
  const text = formatLocal(utcMs, 'America/New_York').slice(0, 23);
  return Date.parse(`${text}Z`);
}

function wallTimesOfChanges(zone: string): number[] {
  const found: number[] = [];
  let at = Temporal.Instant.from('2007-01-01T00:00:00Z').toZonedDateTimeISO(zone).getTimeZoneTransition('next');
  while (at && found.length < 4) {
    found.push(Date.parse(`${at.toPlainDateTime().toString({ smallestUnit: 'second' })}Z`));
    at = at.getTimeZoneTransition('next');
  }
  return found;
}

function readings(zone: string, wallMs: number): number[] {
  const read = localToUtc(fieldsOfWallClock(wallMs), zone);
  return read.kind === 'fold' ? [read.earlyMs, read.lateMs] : [read.utcMs, read.utcMs];
}

function readingsByTemporal(zone: string, wallMs: number): number[] {
  const plain = Temporal.PlainDateTime.from(new Date(wallMs).toISOString().slice(0, -1));
  const earlier = plain.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const compatible = plain.toZonedDateTime(zone, { disambiguation: 'compatible' });
  const later = plain.toZonedDateTime(zone, { disambiguation: 'later' });
  const isGap = !compatible.toPlainDateTime().equals(plain);
  return isGap ? [compatible.epochMilliseconds, compatible.epochMilliseconds] : [earlier.epochMilliseconds, later.epochMilliseconds];
}

describe('machine settings', () => {
  const before = process.env['TZ'];
  afterEach(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });

  test.each(['UTC', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Kiritimati'])('the zone of the machine (%s) does not matter', (zone) => {
    process.env['TZ'] = zone;
    expect(new Date(0).getTimezoneOffset() === 0).toBe(zone === 'UTC');
    expect(localToUtc(local('2026-07-04T08:15:00'), 'America/New_York')).toEqual({ kind: 'one', utcMs: ms('2026-07-04T12:15:00Z') });
    expect(formatLocal(0, 'Asia/Tokyo')).toBe('1970-01-01T09:00:00.000+09:00');
    expect(utcToLocal(0, 'Asia/Tokyo')).toMatchObject({ year: 1970, month: 1, day: 1, hour: 9 });
  });
});

test.each([
  ['', false],
  ['Mars/Base', false],
  ['+01:00', false],
  ['../etc', false],
  ['local', false],
  ['Europe/Berlin', true],
  ['Australia/Lord_Howe', true],
  ['America/Argentina/Buenos_Aires', true],
  ['Etc/GMT+3', true],
  ['UTC', true],
])('isValidZone(%j) is %s', (name, expected) => {
  expect(isValidZone(name)).toBe(expected);
});

test.each([
  [{ month: 13 }, false],
  [{ month: 0 }, false],
  [{ month: 4, day: 31 }, false],
  [{ year: 2023, month: 2, day: 29 }, false],
  [{ year: 2024, month: 2, day: 29 }, true],
  [{ hour: 25 }, false],
  [{ hour: 24 }, false],
  [{ second: 60 }, false],
  [{ year: 0, month: 2, day: 29 }, true],
  [{}, true],
])('isRealDateTime(%j) is %s (§1.2)', (fields, expected) => {
  expect(isRealDateTime({ ...local('2026-01-14T08:15:00.500'), ...fields })).toBe(expected);
});

test('years before 100 are not read as 19xx', () => {
  expect(localToUtc({ ...local('2026-01-14T08:15:00'), year: 26 }, 'UTC')).toEqual({ kind: 'one', utcMs: ms('0026-01-14T08:15:00Z') });
});

test.each([
  ['America/New_York', '2026-11-01T05:00:00Z', '2026-11-01T07:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T14:00:00Z', '2026-04-04T16:00:00Z'],
  // not on a quarter of an hour: 00:44:30 behind until noon of that day, local time
  ['Africa/Monrovia', '1972-01-07T00:00:00Z', '1972-01-07T01:30:00Z'],
])('moments one after the other have the offset of their own in %s', (zone, from, to) => {
  const moments = Array.from({ length: (ms(to) - ms(from)) / 7500 }, (_, index) => ms(from) + index * 7500);
  const offsetOf = (atMs: number): number => Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
  const expected = moments.map(offsetOf);
  expect(new Set(expected).size).toBe(2);
  expect(moments.map((atMs) => offsetMsAt(atMs, zone))).toEqual(expected);
  expect(moments.toReversed().map((atMs) => offsetMsAt(atMs, zone))).toEqual(expected.toReversed());
});
