import { expect, test } from 'vitest';

import { planClip, type ClipSource } from '../../../../src/domain/clips/plan-clip.ts';

const at = (clock: string): number => Date.parse(`2026-01-14T${clock}Z`);
const video = (start: string, seconds: number): ClipSource => ({ startMs: at(start), endMs: at(start) + seconds * 1000, isStill: false });
const window = (from: string, until: string): { fromMs: number; untilMs: number } => ({ fromMs: at(from), untilMs: at(until) });

test('without footage there is nothing to show', () => {
  expect(planClip([], window('08:00:00', '08:01:00'))).toEqual([]);
  expect(planClip([video('07:00:00', 60)], window('08:00:00', '08:01:00'))).toEqual([]);
  expect(planClip([video('08:00:00', 0)], window('08:00:00', '08:01:00'))).toEqual([]);
  expect(planClip([video('08:00:00', 60)], window('08:01:00', '08:00:00'))).toEqual([]);
});

test('an event across two files is A 45–60 s and B 0–15 s: 30 s (§10.12)', () => {
  const [a, b] = [video('08:14:30', 60), video('08:15:30', 60)];
  expect(planClip([b, a], window('08:15:15', '08:15:45'))).toEqual([
    { kind: 'part', atMs: 0, durationMs: 15_000, source: a, fromMs: 45_000 },
    { kind: 'part', atMs: 15_000, durationMs: 15_000, source: b, fromMs: 0 },
  ]);
});

test('an event at 40 min of an hour is read from 39:55 (§10.12)', () => {
  const hour = video('08:00:00', 3600);
  expect(planClip([hour], window('08:39:55', '08:40:15'))).toEqual([
    { kind: 'part', atMs: 0, durationMs: 20_000, source: hour, fromMs: 2_395_000 },
  ]);
});

test('a hole of more than a second is a second of black, a shorter one is not shown', () => {
  const [a, b] = [video('08:00:00', 10), video('08:00:40', 10)];
  expect(planClip([a, b], window('08:00:05', '08:00:45')).map(({ kind, atMs }) => [kind, atMs])).toEqual([
    ['part', 0],
    ['gap', 5_000],
    ['part', 6_000],
  ]);
  const soon = video('08:00:11', 10);
  expect(planClip([a, soon], window('08:00:05', '08:00:15')).map(({ kind, atMs }) => [kind, atMs])).toEqual([
    ['part', 0],
    ['part', 5_000],
  ]);
});

test('where files overlap nothing is shown twice', () => {
  const [a, within, b] = [video('08:00:00', 10), video('08:00:02', 3), video('08:00:08', 10)];
  expect(planClip([a, within, b], window('08:00:00', '08:00:18'))).toMatchObject([
    { durationMs: 10_000, source: a, fromMs: 0 },
    { durationMs: 8_000, source: b, fromMs: 2_000 },
  ]);
});

test('stills are held for half a second each', () => {
  const still = (clock: string): ClipSource => ({ startMs: at(clock), endMs: at(clock), isStill: true });
  expect(planClip([still('08:00:09'), still('08:00:03'), still('09:00:00')], window('08:00:00', '08:00:10'))).toMatchObject([
    { kind: 'still', atMs: 0, durationMs: 500, source: { startMs: at('08:00:03') } },
    { kind: 'still', atMs: 500, durationMs: 500 },
  ]);
});
