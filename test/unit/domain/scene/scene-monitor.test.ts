import { expect, test } from 'vitest';

import { INITIAL_SCENE_STATE, settleScene, watchScene } from '../../../../src/domain/scene/scene-monitor.ts';
import type { SceneCheck, SceneOutcome, SceneState } from '../../../../src/domain/scene/scene-monitor.ts';
import { seededRandom } from '../make-detections.ts';

type Look = { similarity?: number | null; difference?: number | null; sameBytes?: boolean; mean?: number; deviation?: number };

function check(atS: number, { similarity = 0.95, difference = 5, sameBytes = false, mean = 100, deviation = 40 }: Look = {}): SceneCheck {
  // Neither defocused nor as sharp as another view: the similarity alone decides.
  const measure = { similarity, mean, deviation, sharpness: 150, referenceSharpness: 300 };
  return { atMs: atS * 1000, filePath: `${atS}.jpg`, measure, differenceFromLast: difference, hasSameBytes: sameBytes };
}

/** Runs checks through the monitor; the state goes through JSON each time, as between two runs. */
function watch(checks: readonly SceneCheck[], from: SceneState = INITIAL_SCENE_STATE): { outcomes: SceneOutcome[]; state: SceneState } {
  let state = from;
  const outcomes = checks.map((one) => {
    const outcome = watchScene(state, one);
    state = JSON.parse(JSON.stringify(outcome.state)) as SceneState;
    expect(state).toEqual(outcome.state);
    return outcome;
  });
  return { outcomes, state };
}

/** Similarities, so many seconds apart. */
function looks(stepS: number, ...similarities: number[]): SceneCheck[] {
  return similarities.map((similarity, i) => check(i * stepS, { similarity }));
}

function findings(checks: readonly SceneCheck[]) {
  return watch(checks).outcomes.flatMap(({ finding }) => finding ?? []);
}

test('no checks, no findings; the first check makes the reference, later ones adapt it (§10.3)', () => {
  expect(findings([])).toEqual([]);
  const { outcomes } = watch([check(0, { similarity: null }), check(60), check(120, { similarity: 0.89 })]);
  expect(outcomes.map(({ reference }) => reference)).toEqual(['create', 'adapt', 'keep']);
  expect(outcomes[0]?.verdict).toEqual({ type: null, reason: null, similarity: 1 });
});

test.each([
  ['two checks', looks(60, 0.6, 0.6), []],
  ['three checks in 28 s', looks(14, 0.6, 0.6, 0.6), []],
  ['three checks in 30 s', looks(15, 0.6, 0.6, 0.6), ['0 angle_changed 0.6']],
  ['four checks in 30 s', looks(10, 0.6, 0.6, 0.6, 0.5), ['0 angle_changed 0.5']],
  ['a clean check between', looks(60, 0.6, 0.6, 0.95, 0.6, 0.6), []],
  ['worse and worse ones', looks(60, 0.6, 0.4, 0.1), ['0 view_tampered 0.1']],
  ['a bad one and milder ones', looks(60, 0.1, 0.6, 0.65), ['0 angle_changed 0.1']],
  ['two covered, one moved', looks(60, 0.1, 0.6, 0.2), ['0 view_blocked 0.1']],
  ['an even number: the milder of the middle two', looks(10, 0.6, 0.6, 0.2, 0.2), ['0 angle_changed 0.2']],
  ['unknown for 540 s', looks(60, ...Array.from({ length: 10 }, () => 0.8)), []],
  ['unknown for 599 s', looks(59.9, ...Array.from({ length: 11 }, () => 0.8)), []],
  ['an unknown one between moved ones', looks(60, 0.6, 0.6, 0.8, 0.6, 0.6), []],
  ['unknown for 600 s', looks(60, ...Array.from({ length: 11 }, () => 0.8)), ['0 unknown 0.8']],
  ['unknown for 600 s in two checks', looks(600, 0.8, 0.8), []],
  ['unknown before moved: the moved ones count', looks(60, 0.8, 0.8, 0.6, 0.6, 0.6), ['120 angle_changed 0.6']],
  [
    'unknown now and then among moved for 600 s',
    looks(60, ...Array.from({ length: 11 }, (_, i) => (i % 3 === 2 ? 0.8 : 0.6))),
    ['0 angle_changed 0.6'],
  ],
])('%s (§10.3)', (_, checks, expected) => {
  expect(findings(checks).map((found) => `${found.detectedAtMs / 1000} ${found.changeType} ${found.similarity}`)).toEqual(expected);
});

test('a finding has the time and the picture of its first check, and the reason of its worst (§10.3)', () => {
  const black = { similarity: 0.01, mean: 2, deviation: 1 };
  const found = findings([check(0), check(60, { similarity: 0.4 }), check(120, black), check(180, black)]);
  expect(found).toEqual([{ detectedAtMs: 60_000, changeType: 'view_blocked', similarity: 0.01, reason: 'black', filePath: '60.jpg' }]);
});

test('while a finding is open no second one is made (§10.3)', () => {
  const { outcomes, state } = watch(looks(60, ...Array.from({ length: 30 }, (_, i) => (i % 7 === 6 ? 0.95 : 0.1))));
  expect(outcomes.filter(({ finding }) => finding !== null)).toHaveLength(1);
  expect(state.openSinceMs).toBe(0);
});

test('a finding ends after three clean checks, since the first of them; then there may be another one (§10.3)', () => {
  const similarities = [0.1, 0.1, 0.1, 0.95, 0.95, 0.89, 0.9, 0.9, 0.9, 0.95, 0.6, 0.6, 0.6];
  const { outcomes } = watch(looks(60, ...similarities));
  const ended = outcomes.flatMap((outcome, i) => (outcome.ended ? [[i, outcome.ended]] : []));
  expect(ended).toEqual([[8, { detectedAtMs: 0, endedAtMs: 360_000 }]]);
  const found = outcomes.flatMap((outcome, i) => (outcome.finding ? [[i, outcome.finding.detectedAtMs, outcome.finding.changeType]] : []));
  expect(found).toEqual([
    [2, 0, 'view_blocked'],
    [12, 600_000, 'angle_changed'],
  ]);
});

test('after an acknowledgement the same view has to be found anew (§10.3)', () => {
  const { state } = watch(looks(60, 0.1, 0.1, 0.1, 0.1));
  const settled = settleScene(state);
  expect(settled.openSinceMs).toBeNull();
  const { outcomes } = watch([check(300, { similarity: 0.1 }), check(360, { similarity: 0.1 }), check(420, { similarity: 0.1 })], settled);
  expect(outcomes.map(({ finding }) => finding?.detectedAtMs)).toEqual([undefined, undefined, 300_000]);
});

test('a cover put on in the mode’s first picture is found, and does not become the reference (§10.3)', () => {
  const black = { similarity: null, mean: 3, deviation: 1 };
  const { outcomes } = watch([check(0), check(60, black), check(120, black), check(180, black)]);
  expect(outcomes.map(({ reference }) => reference)).toEqual(['adapt', 'keep', 'keep', 'keep']);
  expect(outcomes[3]?.finding).toMatchObject({ changeType: 'view_blocked', reason: 'black', similarity: 0, detectedAtMs: 60_000 });
});

test.each([
  ['two alike', [5, 0.1], [false, false]],
  ['three alike in 60 s', [5, 0.19, 0.19], [false, false, true]],
  ['a difference of 0.2', [5, 0.2, 0.2, 0.2], [false, false, false, false]],
  ['a difference between', [5, 0, 5, 0, 0], [false, false, false, false, true]],
  ['another mode between', [5, 0, null, 0, 0], [false, false, false, false, true]],
])('pictures 30 s apart, %s: frozen (§10.3)', (_, differences, expected) => {
  const { outcomes } = watch(differences.map((difference, i) => check(i * 30, { difference })));
  expect(outcomes.map(({ verdict }) => verdict?.reason === 'frozen')).toEqual(expected);
});

test('three equal pictures within 60 s are not frozen yet (§10.3)', () => {
  const { outcomes } = watch([0, 29, 58, 87].map((atS) => check(atS, { difference: 0 })));
  expect(outcomes.map(({ verdict }) => verdict?.reason)).toEqual([null, null, null, 'frozen']);
});

test('a frozen picture is found after ten minutes of it, by bytes seen before as well (§10.3)', () => {
  const frozen = Array.from({ length: 13 }, (_, i) => check(i * 60, { difference: i === 0 ? null : 0 }));
  expect(findings(frozen)).toMatchObject([{ changeType: 'unknown', reason: 'frozen', detectedAtMs: 120_000 }]);
  const repeated = Array.from({ length: 11 }, (_, i) => check(i * 60, { sameBytes: true }));
  expect(findings(repeated)).toMatchObject([{ changeType: 'unknown', reason: 'frozen', detectedAtMs: 0 }]);
});

test('a check that is not later than the last one changes nothing', () => {
  const { state } = watch(looks(60, 0.95, 0.6, 0.6));
  for (const atS of [0, 120]) {
    expect(watchScene(state, check(atS, { similarity: 0.1 }))).toEqual({
      state,
      verdict: null,
      reference: 'keep',
      finding: null,
      ended: null,
    });
  }
});

test('random checks: findings never overlap, each begins at a changed check, and watching in two runs is the same as in one (§10.3)', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = seededRandom(seed);
    const level = () => [0.95, 0.95, 0.8, 0.6, 0.4, 0.1][Math.floor(random() * 6)]!;
    let similarity = level();
    const checks = Array.from({ length: 300 }, (_, i) => {
      if (random() < 0.2) similarity = level();
      return check(i * 20, { similarity });
    });
    const whole = watch(checks);
    const cut = Math.floor(random() * 300);
    const first = watch(checks.slice(0, cut));
    const second = watch(checks.slice(cut), first.state);
    expect([...first.outcomes, ...second.outcomes]).toEqual(whole.outcomes);
    let open: number | null = null;
    for (const { finding, ended } of whole.outcomes) {
      if (finding) {
        expect(open).toBeNull();
        open = finding.detectedAtMs;
        expect(checks[open / 20_000]!.measure.similarity).toBeLessThan(0.9);
      }
      if (ended) {
        expect(ended.detectedAtMs).toBe(open);
        expect(ended.endedAtMs).toBeGreaterThan(ended.detectedAtMs);
        open = null;
      }
    }
    expect(whole.state.openSinceMs).toBe(open);
  }
});
