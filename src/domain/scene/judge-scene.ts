import type { SceneChangeType } from '../enums.ts';
import { UNCHANGED_FROM } from './scene-measure.ts';
import type { SceneMeasure } from './scene-measure.ts';

/** Why a check is a change beside its similarity. */
export const SCENE_REASONS = ['black', 'uniform', 'defocus', 'frozen'] as const;
export type SceneReason = (typeof SCENE_REASONS)[number];

/** `type` is null where the view is as it was. */
export type SceneVerdict = { type: SceneChangeType | null; reason: SceneReason | null; similarity: number };

/** Changes from harmless to worst. */
export const BY_SEVERITY: readonly SceneChangeType[] = ['unknown', 'angle_changed', 'view_tampered', 'view_blocked'];

const BLOCKED_BELOW = 0.3;
const TAMPERED_BELOW = 0.5;
const ANGLE_BELOW = 0.7;
const BLACK_MEAN = 12;
const UNIFORM_DEVIATION = 6;
const DEFOCUS_SHARE = 0.25;
/** What lies on a lens is out of focus: a picture that has kept its sharpness is the view or another one. */
const AS_SHARP_SHARE = 0.6;

/** What a similarity to the reference means by itself; null for no change. */
export function sceneChangeType(similarity: number): SceneChangeType | null {
  if (similarity < BLOCKED_BELOW) return 'view_blocked';
  if (similarity < TAMPERED_BELOW) return 'view_tampered';
  if (similarity < ANGLE_BELOW) return 'angle_changed';
  return similarity < UNCHANGED_FROM ? 'unknown' : null;
}

/** The type of a check. `isFrozen`: the picture has been the same for too long. */
export function judgeScene(measure: SceneMeasure, isFrozen: boolean): SceneVerdict {
  const isUniform = measure.deviation < UNIFORM_DEVIATION;
  // Nothing to compare with: the first picture is its own reference, unless there is nothing on it.
  const similarity = measure.similarity ?? (isUniform ? 0 : 1);
  const bySimilarity = isAsSharp(measure) ? milderOf(sceneChangeType(similarity), 'angle_changed') : sceneChangeType(similarity);
  if (isUniform && !isStillThere(measure))
    return { type: 'view_blocked', reason: measure.mean < BLACK_MEAN ? 'black' : 'uniform', similarity };
  if (isDefocused(measure)) return { type: worseOf(bySimilarity, 'view_tampered'), reason: 'defocus', similarity };
  if (isFrozen) return { type: worseOf(bySimilarity, 'unknown'), reason: 'frozen', similarity };
  return { type: bySimilarity, reason: null, similarity };
}

function isDefocused({ sharpness, referenceSharpness }: SceneMeasure): boolean {
  return referenceSharpness !== null && sharpness < DEFOCUS_SHARE * referenceSharpness;
}

/** A dim view is even in numbers, but it shows as much as its reference does in that light. */
function isStillThere(measure: SceneMeasure): boolean {
  return measure.similarity !== null && measure.similarity >= UNCHANGED_FROM && isAsSharp(measure);
}

function isAsSharp({ sharpness, referenceSharpness }: SceneMeasure): boolean {
  return referenceSharpness !== null && sharpness >= AS_SHARP_SHARE * referenceSharpness;
}

function milderOf(a: SceneChangeType | null, b: SceneChangeType): SceneChangeType | null {
  return a !== null && BY_SEVERITY.indexOf(a) > BY_SEVERITY.indexOf(b) ? b : a;
}

function worseOf(a: SceneChangeType | null, b: SceneChangeType): SceneChangeType {
  return a !== null && BY_SEVERITY.indexOf(a) > BY_SEVERITY.indexOf(b) ? a : b;
}
