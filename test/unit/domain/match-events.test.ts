import { expect, test } from 'vitest';
import { groupEvents } from '../../../src/domain/group-events.ts';
import { matchEvents } from '../../../src/domain/match-events.ts';
import type { EventMatches, OldEvent } from '../../../src/domain/match-events.ts';
import { makeDetection, seededRandom } from './make-detections.ts';

const T0 = 1_768_378_500_000;

/** Detections at whole seconds, each with an id that tells its second. */
function groupsAt(...seconds: number[]) {
  return groupEvents(
    seconds.map((second) => makeDetection(1000 + second, T0 + second * 1000)),
    'c',
  );
}

function old(id: number, ...seconds: number[]): OldEvent {
  return { id, detectionIds: seconds.map((second) => 1000 + second), hasUserInput: false };
}

/** First and last second of each kept event by id. */
function keptSpans(matches: EventMatches) {
  return matches.kept.map(({ id, group, changed }) => [id, (group.startedAtMs - T0) / 1000, (group.endedAtMs - T0) / 1000, changed]);
}

const STEPS = Array.from({ length: 11 }, (_, i) => i * 20);
const OLD_RUN = [old(11, 0, 20, 40, 60, 80), old(12, 100, 120, 140, 160, 180), old(13, 200)];
const NOTHING_ELSE = { created: [], absorbed: [], deleted: [], orphaned: [] };

test('nothing new and nothing old', () => {
  expect(matchEvents([], [])).toEqual({ kept: [], ...NOTHING_ELSE });
});

test('a late detection at −25 s moves the cuts, the ids stay (§6.3)', () => {
  const matches = matchEvents(groupsAt(-25, ...STEPS), OLD_RUN);
  expect(keptSpans(matches)).toEqual([
    [11, -25, 60, true],
    [12, 80, 160, true],
    [13, 180, 200, true],
  ]);
  expect(matches).toMatchObject(NOTHING_ELSE);
});

test('a late detection at −10 s changes only the first event (§6.3)', () => {
  const matches = matchEvents(groupsAt(-10, ...STEPS), OLD_RUN);
  expect(keptSpans(matches)).toEqual([
    [11, -10, 80, true],
    [12, 100, 180, false],
    [13, 200, 200, false],
  ]);
  expect(matches).toMatchObject(NOTHING_ELSE);
});

test('a late detection that joins two events absorbs the second (§6.3)', () => {
  const matches = matchEvents(groupsAt(0, 10, 28, 45, 50), [old(21, 0, 10), old(22, 45, 50)]);
  expect(keptSpans(matches)).toEqual([[21, 0, 50, true]]);
  expect(matches).toMatchObject({ ...NOTHING_ELSE, absorbed: [{ id: 22, byId: 21 }] });
});

test('more common detections go before the older id (§6.3)', () => {
  const matches = matchEvents(groupsAt(0, 10, 28, 45, 50), [old(21, 0), old(22, 45, 50)]);
  expect(keptSpans(matches)).toEqual([[22, 0, 50, true]]);
  expect(matches.absorbed).toEqual([{ id: 21, byId: 22 }]);
});

test('an event spread over others is absorbed by the one that holds most of it (§6.3)', () => {
  // 33 lost its detections to 31 (one) and 32 (two), which hold more of their own.
  const matches = matchEvents(groupsAt(0, 10, 20, 100, 110, 120, 125, 128), [
    old(31, 0, 10),
    old(32, 110, 120, 125),
    old(33, 20, 100, 128),
  ]);
  expect(keptSpans(matches)).toEqual([
    [31, 0, 20, true],
    [32, 100, 128, true],
  ]);
  expect(matches.absorbed).toEqual([{ id: 33, byId: 32 }]);
});

test('a split event keeps its id for the larger part (§6.3)', () => {
  const matches = matchEvents(groupsAt(0, 60, 70), [old(5, 0, 25, 60, 70)]);
  expect(keptSpans(matches)).toEqual([[5, 60, 70, true]]);
  expect(matches.created.map(({ startedAtMs }) => startedAtMs - T0)).toEqual([0]);
});

test('an event without detections is deleted unless somebody wrote something (§6.3)', () => {
  const matches = matchEvents(groupsAt(500), [
    old(1, 0),
    { ...old(2, 100), hasUserInput: true },
    { ...old(3), hasUserInput: true },
    old(4),
  ]);
  expect(matches).toMatchObject({ kept: [], absorbed: [], deleted: [1, 4], orphaned: [2, 3] });
  expect(matches.created).toHaveLength(1);
});

test('the order of the stored events does not matter', () => {
  const groups = groupsAt(-25, ...STEPS);
  expect(matchEvents(groups, OLD_RUN.toReversed())).toEqual(matchEvents(groups, OLD_RUN));
});

test.each([1, 2, 3])('regrouping twice changes nothing, and no stored event is forgotten (§6.3, seed %i)', (seed) => {
  const random = seededRandom(seed);
  const seconds = Array.from({ length: 600 }, (_, i) => i * 15).filter(() => random() < 0.6);
  const early = groupsAt(...seconds.filter(() => random() < 0.7));
  const stored = early.map((group, i) => ({ id: i + 1, detectionIds: group.detectionIds, hasUserInput: false }));
  const groups = groupsAt(...seconds);
  const first = matchEvents(groups, stored);
  const outcome = [...first.kept, ...first.absorbed].map(({ id }) => id).concat(first.deleted, first.orphaned);
  expect(outcome.sort((a, b) => a - b)).toEqual(stored.map(({ id }) => id));
  expect(first.kept.length + first.created.length).toBe(groups.length);

  const rows = [
    ...first.kept.map(({ id, group }) => ({ id, detectionIds: group.detectionIds, hasUserInput: false })),
    ...first.created.map((group, i) => ({ id: 10_000 + i, detectionIds: group.detectionIds, hasUserInput: false })),
  ];
  const second = matchEvents(groups, rows);
  expect(second).toMatchObject(NOTHING_ELSE);
  expect(second.kept.some(({ changed }) => changed)).toBe(false);
});
