import { judgeScene } from './judge-scene.ts';
import type { SceneVerdict } from './judge-scene.ts';
import type { SceneMeasure } from './scene-measure.ts';
import { extendRun, findingOf } from './scene-run.ts';
import type { SceneFinding, SceneRun } from './scene-run.ts';

/** Checks in a row that are alike. */
type Spell = { firstMs: number; checks: number };

/**
 * What a camera's past checks leave behind; plain data, to be stored between runs. `changed`: checks that found any change, `serious`:
 * those that found more than `unknown`, `unchanging`: pictures without a difference, `clean`: checks without a change, `openSinceMs`:
 * the finding that is neither acknowledged nor over.
 */
export type SceneState = {
  lastMs: number | null;
  changed: SceneRun | null;
  serious: SceneRun | null;
  unchanging: Spell | null;
  clean: Spell | null;
  openSinceMs: number | null;
};

/**
 * One look at a camera's view. `differenceFromLast`: mean difference in grey levels from the picture of the check before, null when that had
 * another size or mode. `hasSameBytes`: the file's bytes were recorded at another time as well.
 */
export type SceneCheck = {
  atMs: number;
  filePath: string;
  measure: SceneMeasure;
  differenceFromLast: number | null;
  hasSameBytes: boolean;
};

/** What follows from a check: what to do with the reference, a finding to store, a finding that is over since `endedAtMs`. */
export type SceneOutcome = {
  state: SceneState;
  verdict: SceneVerdict | null;
  reference: 'create' | 'adapt' | 'keep';
  finding: SceneFinding | null;
  ended: { detectedAtMs: number; endedAtMs: number } | null;
};

const CONFIRMING_CHECKS = 3;
const CONFIRMING_MS = 30_000;
const CONFIRMING_UNKNOWN_MS = 600_000;
const FROZEN_MS = 60_000;
const FROZEN_DIFFERENCE = 0.2;

export const INITIAL_SCENE_STATE: SceneState = {
  lastMs: null,
  changed: null,
  serious: null,
  unchanging: null,
  clean: null,
  openSinceMs: null,
};

/** Takes in the next check of a camera. One that is not later than the last one comes too late to be judged and changes nothing. */
export function watchScene(state: SceneState, check: SceneCheck): SceneOutcome {
  const { atMs, measure } = check;
  if (state.lastMs !== null && atMs <= state.lastMs) return { state, verdict: null, reference: 'keep', finding: null, ended: null };
  const unchanging = extendUnchanging(state, check);
  const verdict = judgeScene(measure, check.hasSameBytes || isFrozen(unchanging, atMs));
  const next = { ...withVerdict(state, check, verdict), lastMs: atMs, unchanging };
  const isNew = measure.similarity === null;
  const reference = verdict.type === null ? (isNew ? 'create' : 'adapt') : 'keep';
  return { verdict, reference, ...conclude(next) };
}

/** The state after the open finding was acknowledged or the reference replaced: what has been seen so far no longer counts. */
export function settleScene(state: SceneState): SceneState {
  return { ...state, changed: null, serious: null, clean: null, openSinceMs: null };
}

function extendUnchanging(state: SceneState, { atMs, differenceFromLast }: SceneCheck): Spell {
  const isSame = differenceFromLast !== null && differenceFromLast < FROZEN_DIFFERENCE;
  return isSame && state.unchanging ? extendSpell(state.unchanging, atMs) : { firstMs: atMs, checks: 1 };
}

function isFrozen({ firstMs, checks }: Spell, atMs: number): boolean {
  return checks >= CONFIRMING_CHECKS && atMs - firstMs >= FROZEN_MS;
}

function withVerdict(state: SceneState, { atMs, filePath }: SceneCheck, verdict: SceneVerdict): SceneState {
  const { type } = verdict;
  if (type === null) return { ...state, changed: null, serious: null, clean: extendSpell(state.clean, atMs) };
  const changed = { atMs, filePath, ...verdict, type };
  return {
    ...state,
    changed: extendRun(state.changed, changed),
    serious: type === 'unknown' ? null : extendRun(state.serious, changed),
    clean: null,
  };
}

function conclude(state: SceneState): Pick<SceneOutcome, 'state' | 'finding' | 'ended'> {
  const { openSinceMs, clean } = state;
  if (openSinceMs !== null) {
    if (!clean || clean.checks < CONFIRMING_CHECKS) return { state, finding: null, ended: null };
    const ended = { detectedAtMs: openSinceMs, endedAtMs: clean.firstMs };
    return { state: { ...state, openSinceMs: null }, finding: null, ended };
  }
  const run = confirmedRun(state);
  const finding = run && findingOf(run);
  return { state: finding ? { ...state, openSinceMs: finding.detectedAtMs } : state, finding, ended: null };
}

function confirmedRun({ changed, serious }: SceneState): SceneRun | null {
  if (isConfirmed(serious, CONFIRMING_MS)) return serious;
  return isConfirmed(changed, CONFIRMING_UNKNOWN_MS) ? changed : null;
}

function isConfirmed(run: SceneRun | null, lengthMs: number): boolean {
  return run !== null && run.checks >= CONFIRMING_CHECKS && run.lastMs - run.firstMs >= lengthMs;
}

function extendSpell(spell: Spell | null, atMs: number): Spell {
  return { firstMs: spell?.firstMs ?? atMs, checks: (spell?.checks ?? 0) + 1 };
}
