import { describe, expect, test } from 'vitest';
import { isInCooldown, planAlerts, type AlertCandidate, type StandingAlert } from '../../../../src/domain/alerts/plan-alerts.ts';

const COOLDOWN_MS = 300_000;

const candidate = (seconds: number, more: Partial<AlertCandidate> = {}): AlertCandidate => ({
  ruleId: 'r',
  eventId: 10_000 + Math.round(seconds),
  batchId: `b${String(1e9 + Math.round(seconds * 1000))}`,
  dedupKey: 'k',
  occurredAtMs: Math.round(seconds * 1000),
  cooldownMs: COOLDOWN_MS,
  ...more,
});

const alert = (seconds: number, isFixed: boolean): StandingAlert => {
  return { ...candidate(seconds), id: `alert ${String(seconds)}`, isFixed };
};

const firedAt = (candidates: AlertCandidate[], standing: StandingAlert[] = []): number[] =>
  planAlerts(candidates, standing).fire.map(({ occurredAtMs }) => occurredAtMs / 1000);

test('nothing of nothing', () => {
  expect(planAlerts([], [])).toEqual({ fire: [], keep: [], suppressed: [], withdraw: [] });
  expect(planAlerts([], [alert(0, false)])).toEqual({ fire: [], keep: [], suppressed: [], withdraw: [] });
});

describe('cooldown 300, somebody was told of an alert at 0 (§10.4)', () => {
  test.each([
    [299.999, true],
    [300, false],
    [-120, true],
    [-299.999, true],
    [-300, false],
    [0, true],
    [86_400, false],
  ])('an event at %s s is suppressed: %s', (seconds, suppressed) => {
    expect(isInCooldown(0, seconds * 1000, COOLDOWN_MS)).toBe(suppressed);
    const plan = planAlerts([candidate(seconds, { eventId: 1 })], [alert(0, true)]);
    expect(plan.fire).toHaveLength(suppressed ? 0 : 1);
    expect(plan.suppressed.map(({ by }) => by)).toEqual(suppressed ? [10_000] : []);
    expect(plan.withdraw).toEqual([]);
  });
});

test('cooldown 0: all fire', () => {
  const all = [0, 0.001, 0, 1].map((seconds, index) => candidate(seconds, { cooldownMs: 0, eventId: index }));
  expect(planAlerts(all, []).fire).toHaveLength(4);
});

test('the first of a run of events fires, then the first one that is a cooldown away', () => {
  expect(firedAt([0, 100, 299.999, 300, 550, 599, 600].map((seconds) => candidate(seconds)))).toEqual([0, 300, 600]);
});

test('an alert nobody was told of gives way to an earlier event, and what it kept quiet is to be looked at again', () => {
  const plan = planAlerts([candidate(-120)], [alert(0, false)]);
  expect(plan.fire.map(({ occurredAtMs }) => occurredAtMs)).toEqual([-120_000]);
  expect(plan.withdraw.map(({ id }) => id)).toEqual(['alert 0']);
});

test('looked at again an alert stays, whoever was told', () => {
  for (const isFixed of [true, false]) {
    const plan = planAlerts([candidate(0), candidate(10)], [alert(0, isFixed)]);
    expect(plan).toMatchObject({ fire: [], withdraw: [], suppressed: [{ by: 10_000 }] });
    expect(plan.keep).toHaveLength(isFixed ? 0 : 1);
  }
});

test('an alert whose event has another key or time now is replaced', () => {
  expect(planAlerts([candidate(0, { dedupKey: 'other' })], [alert(0, false)])).toMatchObject({
    fire: [{ dedupKey: 'other' }],
    withdraw: [{ id: 'alert 0' }],
  });
});

test('other keys and rules do not matter', () => {
  expect(firedAt([candidate(1, { dedupKey: 'other' }), candidate(2, { ruleId: 'other' })], [alert(0, true)])).toEqual([1, 2]);
});

test('of two events at the same moment the one with the lower batch id fires, whatever their ids', () => {
  const twins = [candidate(0, { eventId: 1, batchId: 'b' }), candidate(0, { eventId: 2, batchId: 'a' })];
  expect(planAlerts(twins, []).fire.map(({ eventId }) => eventId)).toEqual([2]);
  expect(planAlerts(twins.toReversed(), []).fire.map(({ eventId }) => eventId)).toEqual([2]);
});
