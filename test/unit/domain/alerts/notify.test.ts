import { describe, expect, test } from 'vitest';
import { notify, type NotifyPreferences, type NotifySubject } from '../../../../src/domain/alerts/notify.ts';
import { splitQuietHours } from '../../../../src/domain/quiet-hours.ts';

const AT = Date.parse('2026-01-16T21:59:00Z'); // a friday
const HOUR_MS = 3_600_000;

const PREFERENCES: NotifyPreferences = {
  enabled: true,
  levels: ['critical', 'high', 'medium'],
  cameras: new Map(),
  quietHours: splitQuietHours({ label: 'night', start: '22:00', end: '06:00', days: ['friday', 'saturday'] }),
  maxAgeMs: 24 * HOUR_MS,
};

const subject = (more: Partial<NotifySubject> = {}): NotifySubject => ({
  cameraId: 'gate',
  timezone: 'UTC',
  startedAtMs: AT,
  level: 'high',
  score: 60,
  snoozeUntilMs: null,
  ...more,
});

const reasons = (more: Partial<NotifySubject>, preferences: Partial<NotifyPreferences> = {}, nowMs = AT): string[] => {
  const { send, reasons: found } = notify(subject(more), { ...PREFERENCES, ...preferences }, nowMs);
  expect(send).toBe(found.length === 0);
  return found;
};

describe('somebody is told (§10.5)', () => {
  test('unless something speaks against it', () => {
    expect(reasons({})).toEqual([]);
  });

  test('not when notifications are off', () => {
    expect(reasons({}, { enabled: false })).toEqual(['master']);
  });

  test.each([
    ['low', ['level']],
    ['medium', []],
    ['critical', []],
    [null, ['level']],
  ] as const)('by the level: %s', (level, expected) => {
    expect(reasons({ level })).toEqual(expected);
  });

  test('not of a camera that is off, or below its threshold; no score is below any', () => {
    const camera = (enabled: boolean, riskThreshold: number): Partial<NotifyPreferences> => ({
      cameras: new Map([['gate', { enabled, riskThreshold }]]),
    });
    expect(reasons({}, camera(false, 0))).toEqual(['camera']);
    expect(reasons({}, camera(true, 60))).toEqual([]);
    expect(reasons({}, camera(true, 61))).toEqual(['camera']);
    expect(reasons({ score: null }, camera(true, 1))).toEqual(['camera']);
    expect(reasons({ cameraId: 'other' }, camera(false, 0))).toEqual([]);
  });

  test.each([
    ['Fri 21:59', '2026-01-16T21:59:00Z', false],
    ['Fri 22:00', '2026-01-16T22:00:00Z', true],
    ['Sat 05:59', '2026-01-17T05:59:00Z', true],
    ['Sat 06:00', '2026-01-17T06:00:00Z', false],
    ['Sun 05:59', '2026-01-18T05:59:00Z', true],
    ['Sun 22:00', '2026-01-18T22:00:00Z', false],
  ])('quiet hours 22:00–06:00 on friday and saturday, %s', (_, at, quiet) => {
    const startedAtMs = Date.parse(at);
    expect(reasons({ startedAtMs }, {}, startedAtMs)).toEqual(quiet ? ['quiet'] : []);
  });

  test('quiet hours are by the clock of the camera', () => {
    expect(reasons({ timezone: 'Europe/Berlin' })).toEqual(['quiet']);
  });

  test('never of old footage: it wakes nobody', () => {
    expect(reasons({}, {}, AT + 24 * HOUR_MS)).toEqual([]);
    expect(reasons({}, {}, AT + 24 * HOUR_MS + 1)).toEqual(['backfill']);
  });

  test('not while the event is snoozed', () => {
    expect(reasons({ snoozeUntilMs: AT + 1 })).toEqual(['snooze']);
    expect(reasons({ snoozeUntilMs: AT })).toEqual([]);
  });

  test('all reasons are told', () => {
    const all = reasons({ level: 'low', startedAtMs: AT + 60_000, snoozeUntilMs: Infinity }, { enabled: false, maxAgeMs: 0 }, AT + HOUR_MS);
    expect(all).toEqual(['master', 'level', 'quiet', 'backfill', 'snooze']);
  });
});
