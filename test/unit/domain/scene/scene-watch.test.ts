import { expect, test } from 'vitest';

import type { SceneMode, ScenePicture } from '../../../../src/domain/scene/scene-luma.ts';
import type { SceneFinding } from '../../../../src/domain/scene/scene-run.ts';
import { INITIAL_SCENE_WATCH, lookAtScene, type SceneWatch } from '../../../../src/domain/scene/scene-watch.ts';
import { seededRandom } from '../make-detections.ts';
import { grey, mapped } from './make-scene.ts';

const SIZE = { width: 64, height: 48 };

function yard(minute: number, gain = 1): ScenePicture {
  const noise = seededRandom(minute + 1);
  return grey(SIZE, (x, y) => gain * (60 + 40 * ((x >> 3) % 2) + 60 * ((y >> 2) % 3)) + 4 * noise());
}

function cloth(minute: number): ScenePicture {
  const noise = seededRandom(minute + 1);
  return grey(SIZE, (x, y) => 90 + 30 * Math.sin(x * 0.9) * Math.cos(y * 1.3) + 4 * noise());
}

type Shown = [mode: SceneMode, picture: ScenePicture];

/** Looks a minute apart. */
function watch(shown: readonly Shown[]): { last: SceneWatch; findings: SceneFinding[]; similarities: (number | null | undefined)[] } {
  let last = INITIAL_SCENE_WATCH;
  const findings: SceneFinding[] = [];
  const similarities = shown.map(([mode, picture], minute) => {
    const look = { atMs: minute * 60_000, mode, filePath: String(minute), frame: SIZE, passing: [], picture, measured: null };
    const outcome = lookAtScene(last, look);
    last = outcome.watch;
    if (outcome.finding) findings.push(outcome.finding);
    return outcome.measure?.similarity;
  });
  return { last, findings, similarities };
}

const times = (count: number, show: (minute: number) => Shown): Shown[] => Array.from({ length: count }, (_, i) => show(i));

test('a cover without colour by day is no infrared view: it is found, and does not become the reference of that mode', () => {
  const { last, findings } = watch([...times(5, (i) => ['day', yard(i)]), ...times(4, (i) => ['ir', cloth(i)])]);
  expect(findings).toMatchObject([{ detectedAtMs: 300_000, changeType: 'view_blocked' }]);
  expect(last.references.ir).toBeNull();
});

test('nor is a cover with colour by night a day view', () => {
  const { last, findings } = watch([...times(5, (i) => ['ir', yard(i)]), ...times(4, (i) => ['day', cloth(i)])]);
  expect(findings).toHaveLength(1);
  expect(last.references.day).toBeNull();
});

test.each([
  ['as bright as by day', 0.9],
  ['darker', 0.5],
])('the first infrared picture of the view becomes the reference of its mode: %s', (_, gain) => {
  const { last, findings, similarities } = watch([...times(5, (i) => ['day', yard(i)]), ...times(4, (i) => ['ir', yard(i, gain)])]);
  expect(findings).toEqual([]);
  expect(similarities[5]).toBeNull();
  expect(last.references.ir?.takenAtMs).toBe(300_000);
});

test('a night in which nothing is seen but noise says nothing about the view by day', () => {
  const noise = seededRandom(5);
  const night: Shown = ['ir', grey(SIZE, () => 14 + 25 * noise())];
  expect(watch([...times(5, (i) => ['day', yard(i)]), night]).last.references.ir?.takenAtMs).toBe(300_000);
});

test('a view in another light stays the same view, and the reference follows it', () => {
  const { last, findings } = watch([...times(5, (i) => ['day', yard(i)]), ...times(20, (i) => ['day', yard(i, 0.5)])]);
  expect(findings).toEqual([]);
  expect(last.references.day?.adaptions).toBe(24);
});

test('a picture of another size is not compared across modes', () => {
  const small = (minute: number): ScenePicture => {
    const { data } = mapped(cloth(minute), (value) => value);
    return { width: 32, height: 24, data: data.slice(0, 32 * 24) };
  };
  expect(watch([...times(3, (i) => ['day', yard(i)]), ...times(4, (i) => ['ir', small(i)])]).findings).toEqual([]);
});
