import { expect, test } from 'vitest';
import { settingsFile, toSettings } from '../../../src/config/settings.ts';
import { DEFAULT_RISK_POINTS } from '../../../src/domain/risk/risk-points.ts';

test('without settings the points are those of the rules (§9.1)', () => {
  expect(toSettings(settingsFile.parse({ home: '/h' })).risk.points).toEqual(DEFAULT_RISK_POINTS);
});

test('one number is another one, the others stay', () => {
  const { points } = toSettings(settingsFile.parse({ home: '/h', risk: { points: { class: { person: 30 }, companion: 0 } } })).risk;
  expect(points).toEqual({ ...DEFAULT_RISK_POINTS, class: { ...DEFAULT_RISK_POINTS.class, person: 30 }, companion: 0 });
});

test.each([[{ class: { person: 20.5 } }], [{ class: { persn: 20 } }], [{ companion: 101 }], [{ companion: 'a lot' }]])(
  '%j is refused',
  (points) => {
    expect(settingsFile.safeParse({ home: '/h', risk: { points } }).success).toBe(false);
  },
);
