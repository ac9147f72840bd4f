import { describe, expect, test } from 'vitest';
import { embeddedTimeOfStill, readEmbedded } from '../../../../src/domain/time/embedded-time.ts';
import { complaintAboutFlagTime, flagTimeOfStep, flagTimesInSequence, parseFlagTime } from '../../../../src/domain/time/flag-time.ts';
import type { LocalReading } from '../../../../src/domain/time/local-time.ts';
import { decideReading } from '../../../../src/domain/time/reading.ts';

function show(reading: LocalReading | undefined): string | undefined {
  if (!reading) return undefined;
  if (reading.kind === 'fold') return `${new Date(reading.earlyMs).toISOString()} or ${new Date(reading.lateMs).toISOString()}`;
  return new Date(reading.utcMs).toISOString();
}

const NEW_YORK = 'America/New_York';

describe('--time (§1.1)', () => {
  test.each([
    ['2026-07-04T08:15:00', '2026-07-04T12:15:00.000Z', NEW_YORK],
    ['2026-07-04 08:15', '2026-07-04T12:15:00.000Z', NEW_YORK],
    ['2026-07-04', '2026-07-04T04:00:00.000Z', NEW_YORK],
    ['20260704T081500', '2026-07-04T12:15:00.000Z', NEW_YORK],
    ['2026-07-04T08:15:00.1239', '2026-07-04T12:15:00.123Z', NEW_YORK],
    ['2026-07-04T08:15:00,5', '2026-07-04T12:15:00.500Z', NEW_YORK],
    ['2026-07-04T08:15:00Z', '2026-07-04T08:15:00.000Z', 'UTC'],
    [' 2026-07-04t08:15:00z ', '2026-07-04T08:15:00.000Z', 'UTC'],
    ['2026-07-04T08:15:00+05:30', '2026-07-04T02:45:00.000Z', 'UTC'],
    ['2026-07-04T08:15:00-0330', '2026-07-04T11:45:00.000Z', 'UTC'],
    ['2026-07-04T08:15:00+02', '2026-07-04T06:15:00.000Z', 'UTC'],
    ['2026-11-01T01:30:00', '2026-11-01T05:30:00.000Z or 2026-11-01T06:30:00.000Z', NEW_YORK],
    ['2026-03-08T02:30:00', '2026-03-08T07:30:00.000Z', NEW_YORK],
  ])('%s', (text, expected, zone) => {
    const parsed = parseFlagTime(text, NEW_YORK);
    expect(parsed.ok && [show(parsed.time.reading), parsed.time.zone]).toEqual([expected, zone]);
  });

  test.each([
    '',
    'now',
    '8:15',
    '2026-13-01',
    '2026-04-31T00:00:00',
    '2026-01-14T24:00:00',
    '2026-01-14T08:15:60',
    '2026-01-14T08:15:00+15:00',
    '2026-01-14T08',
    '14.01.2026 08:15',
    '2026-01-14T08:15:00 Europe/Berlin',
    '1768378500',
    '2026-0114',
  ])('%j is refused', (text) => {
    expect(parseFlagTime(text, NEW_YORK)).toMatchObject({ ok: false, message: expect.stringContaining(JSON.stringify(text)) as string });
  });

  const time = { reading: { kind: 'one', utcMs: 1000 } as const, zone: 'UTC' };

  test('--time-step: file i starts at T + i·S', () => {
    expect([0, 1, 3].map((index) => flagTimeOfStep(time, index, 2.5).reading)).toEqual([
      { kind: 'one', utcMs: 1000 },
      { kind: 'one', utcMs: 3500 },
      { kind: 'one', utcMs: 8500 },
    ]);
    const fold = { reading: { kind: 'fold', earlyMs: 0, lateMs: 3_600_000 } as const, zone: NEW_YORK };
    expect(flagTimeOfStep(fold, 1, 10).reading).toEqual({ kind: 'fold', earlyMs: 10_000, lateMs: 3_610_000 });
  });

  test('--time-sequential: each file starts where the one before ended', () => {
    expect(flagTimesInSequence(time, [500, 0, 2000]).map(({ reading }) => show(reading))).toEqual(
      [1000, 1500, 1500, 3500].map((ms) => new Date(ms).toISOString()),
    );
    expect(flagTimesInSequence(time, [])).toEqual([time]);
  });

  test.each([
    [{ files: 1 }, undefined],
    [{ files: 2, timeStepS: 5 }, undefined],
    [{ files: 2, timeSequential: true }, undefined],
    [{ files: 2 }, 'for one file, 2 match'],
    [{ files: 0 }, 'for one file, 0 match'],
    [{ files: 2, timeStepS: 0 }, 'more than 0'],
    [{ files: 2, timeStepS: Number.NaN }, 'more than 0'],
    [{ files: 2, timeStepS: 5, timeSequential: true }, 'exclude each other'],
  ])('use with %j', (use, reason) => {
    const complaint = complaintAboutFlagTime(use);
    if (reason === undefined) expect(complaint).toBeUndefined();
    else expect(complaint).toContain(reason);
  });
});

describe('EXIF (§1.1)', () => {
  test.each([
    [{}, undefined],
    [{ dateTimeOriginal: '0000:00:00 00:00:00' }, undefined],
    [{ dateTimeOriginal: '    :  :     :  :  ' }, undefined],
    [{ dateTimeOriginal: 'yesterday' }, undefined],
    [{ dateTimeOriginal: '2026:01:14 08:15:00' }, { localText: '2026-01-14T08:15:00.000', hasOffset: false }],
    [
      { dateTimeOriginal: '2026:01:14 08:15:00', subSec: '12  ' },
      { localText: '2026-01-14T08:15:00.120', hasOffset: false },
    ],
    [
      { dateTimeOriginal: '2026:01:14 08:15:00', subSec: '123456' },
      { localText: '2026-01-14T08:15:00.123', hasOffset: false },
    ],
    [
      { dateTimeOriginal: '2026:01:14 08:15:00', subSec: 'x', offset: '   ' },
      { localText: '2026-01-14T08:15:00.000', hasOffset: false },
    ],
    [
      { dateTimeOriginal: '2026:01:14 08:15:00', offset: '+01:00' },
      { utcMs: Date.parse('2026-01-14T07:15:00Z'), hasOffset: true },
    ],
    [
      { dateTimeOriginal: '2026:01:14 08:15:00', offset: '+99:00' },
      { localText: '2026-01-14T08:15:00.000', hasOffset: false },
    ],
  ])('%j', (exif, expected) => {
    expect(embeddedTimeOfStill(exif)).toEqual(expected);
  });
});

describe('embedded times (§1.1)', () => {
  const wall = Date.parse('2026-07-04T08:15:00Z');

  test.each([
    [undefined, 'utc', undefined],
    [{ hasOffset: false }, 'utc', undefined],
    [{ utcMs: Number.NaN, hasOffset: false }, 'utc', undefined],
    [{ utcMs: wall, hasOffset: false }, 'utc', ['2026-07-04T08:15:00.000Z', true]],
    [{ utcMs: wall, hasOffset: false }, 'local', ['2026-07-04T12:15:00.000Z', false]],
    [{ utcMs: wall, hasOffset: true }, 'local', ['2026-07-04T08:15:00.000Z', true]],
    [{ localText: '2026-07-04T08:15:00', hasOffset: false }, 'utc', ['2026-07-04T12:15:00.000Z', false]],
    [{ localText: '2026-07-04T08:15:00-05:00', hasOffset: true }, 'utc', ['2026-07-04T13:15:00.000Z', true]],
  ] as const)('%j with container_time %s', (embedded, containerTime, expected) => {
    const found = readEmbedded(embedded, { zone: NEW_YORK, containerTime });
    expect(found && [show(found.reading), found.isUtc]).toEqual(expected);
  });
});

describe('decideReading (§1.4)', () => {
  const fold = { kind: 'fold', earlyMs: 0, lateMs: 3_600_000 } as const;

  test.each([
    [{ startsMs: [] }, { startMs: 0, candidates: [0, 3_600_000] }],
    [{ startsMs: [900_000] }, { startMs: 0 }],
    [{ startsMs: [900_001] }, { startMs: 0, candidates: [0, 3_600_000] }],
    [{ startsMs: [-900_000] }, { startMs: 0 }],
    [{ startsMs: [2_700_000] }, { startMs: 3_600_000 }],
    [{ startsMs: [9e9, 3_600_000] }, { startMs: 3_600_000 }],
    [{ startsMs: [0, 3_600_000] }, { startMs: 0 }],
    [{ startsMs: [3_600_000], summerTime: true }, { startMs: 0 }],
  ])('%j', (hints, expected) => {
    expect(decideReading(fold, hints)).toEqual(expected);
  });

  test('a hint near both candidates answers nothing', () => {
    expect(decideReading({ kind: 'fold', earlyMs: 0, lateMs: 1_800_000 }, { startsMs: [900_000] })).toHaveProperty('candidates');
  });
});
