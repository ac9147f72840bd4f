import type { BoxXywh, Size } from '../box.ts';
import { fitsReference, toScenePicture } from './scene-luma.ts';
import type { SceneMode, ScenePicture } from './scene-luma.ts';
import { isForeignView, markPassing, meanDifference, measureScene } from './scene-measure.ts';
import type { LeftOut, SceneMeasure } from './scene-measure.ts';
import { INITIAL_SCENE_STATE, settleScene, watchScene } from './scene-monitor.ts';
import type { SceneOutcome, SceneState } from './scene-monitor.ts';
import { adaptReference } from './scene-reference.ts';

/** How a user sets a reference: by acknowledging a finding, or without one. */
export const SCENE_REFERENCE_ORIGINS = ['ack', 'reset'] as const;
export type SceneReferenceOrigin = (typeof SCENE_REFERENCE_ORIGINS)[number];

/** How a camera's view should be. */
export type SceneReference = { picture: ScenePicture; takenAtMs: number; adaptions: number };
export type SceneReferences = Readonly<Record<SceneMode, SceneReference | null>>;

/** Everything that a look at a view is judged by; a pure function of the looks before it and of what users said. */
export type SceneWatch = {
  state: SceneState;
  references: SceneReferences;
  last: { mode: SceneMode; picture: ScenePicture } | null;
  /** Looks that counted. */
  looks: number;
  /** Looks without a picture were passed: the references are older than they should be. */
  isBehind: boolean;
};

export type StoredMeasure = SceneMeasure & { difference: number | null };

/** `picture` is null where it is not kept any more; then what was measured once counts. `frame` is the size that boxes refer to. */
export type SceneLook = {
  atMs: number;
  mode: SceneMode;
  filePath: string;
  frame: Size;
  passing: readonly { label: string; box: BoxXywh }[];
  picture: ScenePicture | null;
  measured: StoredMeasure | null;
};

/** `measure` is null for a look that does not count. `isNewSize`: the reference did not fit and was given up. */
export type SceneLookOutcome = Pick<SceneOutcome, 'finding' | 'ended'> & {
  watch: SceneWatch;
  measure: StoredMeasure | null;
  isNewSize: boolean;
};

/** One look a minute counts, the first. */
export const LOOK_SLOT_MS = 60_000;

export const INITIAL_SCENE_WATCH: SceneWatch = {
  state: INITIAL_SCENE_STATE,
  references: { day: null, ir: null },
  last: null,
  looks: 0,
  isBehind: false,
};

/** Takes in the next look in the order of footage time. */
export function lookAtScene(watch: SceneWatch, look: SceneLook): SceneLookOutcome {
  const nothing = { watch, measure: null, finding: null, ended: null, isNewSize: false };
  if (slotOf(look.atMs) <= slotOf(watch.state.lastMs ?? -LOOK_SLOT_MS)) return nothing;
  return look.picture === null ? (recallLook(watch, look) ?? nothing) : (compareLook(watch, look, look.picture) ?? nothing);
}

/** A user said how the view should be from here on; null: as it was, only what has been seen so far is settled. */
export function acceptScene(watch: SceneWatch, mode: SceneMode, reference: SceneReference | null): SceneWatch {
  const references = reference ? { ...watch.references, [mode]: reference } : watch.references;
  return { ...watch, state: settleScene(watch.state), references };
}

export function slotOf(atMs: number): number {
  return Math.floor(atMs / LOOK_SLOT_MS);
}

function compareLook(watch: SceneWatch, look: SceneLook, picture: ScenePicture): SceneLookOutcome | undefined {
  const stored = watch.references[look.mode];
  const reference = stored && fitsReference(picture, stored.picture) ? stored : null;
  const fitted = reference ? resampled(picture, reference.picture) : picture;
  const leftOut = markPassing(look.passing, { from: look.frame, to: fitted });
  const compared = reference?.picture ?? (stored ? null : foreignTo(watch.references, { mode: look.mode, picture: fitted, leftOut }));
  const measure = measureScene(fitted, compared, leftOut);
  if (!measure) return undefined;
  const measured = { ...measure, difference: differenceFrom(watch.last, look.mode, fitted) };
  const { state, reference: action, finding, ended } = judge(watch, look, measured);
  const next = {
    create: { picture: fitted, takenAtMs: look.atMs, adaptions: 0 },
    adapt: reference && adapted(reference, fitted),
    keep: reference,
  };
  return {
    watch: {
      ...watch,
      state,
      references: { ...watch.references, [look.mode]: next[action] },
      last: { mode: look.mode, picture: fitted },
      looks: watch.looks + 1,
    },
    measure: measured,
    finding,
    ended,
    isNewSize: stored !== null && reference === null,
  };
}

/** While a mode has no reference: that of the other one, where the picture shows nothing of that view. */
function foreignTo(
  references: SceneReferences,
  { mode, picture, leftOut }: { mode: SceneMode; picture: ScenePicture; leftOut: LeftOut | undefined },
): ScenePicture | null {
  const other = references[mode === 'day' ? 'ir' : 'day']?.picture;
  const isComparable = other?.width === picture.width && other.height === picture.height;
  return isComparable && isForeignView(picture, other, leftOut) ? other : null;
}

/** Without its picture a look counts as it was measured, and leaves the reference as it is. */
function recallLook(watch: SceneWatch, look: SceneLook): SceneLookOutcome | undefined {
  if (!look.measured) return undefined;
  const { state, finding, ended } = judge(watch, look, look.measured);
  const next = { ...watch, state, last: null, looks: watch.looks + 1, isBehind: true };
  return { watch: next, measure: look.measured, finding, ended, isNewSize: false };
}

function judge({ state }: SceneWatch, { atMs, filePath }: SceneLook, { difference, ...measure }: StoredMeasure): SceneOutcome {
  // The ledger holds each content of a camera once: no bytes come again at another time.
  return watchScene(state, { atMs, filePath, measure, differenceFromLast: difference, hasSameBytes: false });
}

function differenceFrom(last: SceneWatch['last'], mode: SceneMode, picture: ScenePicture): number | null {
  const isComparable = last?.mode === mode && last.picture.width === picture.width && last.picture.height === picture.height;
  return isComparable ? meanDifference(last.picture, picture) : null;
}

function adapted(reference: SceneReference, picture: ScenePicture): SceneReference {
  const { adaptions, takenAtMs } = reference;
  return { picture: adaptReference(reference.picture, picture, adaptions), takenAtMs, adaptions: adaptions + 1 };
}

function resampled(picture: ScenePicture, { width, height }: Size): ScenePicture {
  if (picture.width === width && picture.height === height) return picture;
  const data = new Uint8Array(3 * picture.data.length);
  for (let at = 0; at < picture.data.length; at += 1) {
    const value = picture.data[at] ?? 0;
    data[3 * at] = value;
    data[3 * at + 1] = value;
    data[3 * at + 2] = value;
  }
  return toScenePicture({ width: picture.width, height: picture.height, data }, { width, height });
}
