import type { ClassGroup } from './detection.ts';

const GROUP_OF_LABEL: ReadonlyMap<string, ClassGroup> = new Map([
  ['person', 'person'],
  ['car', 'vehicle'],
  ['motorcycle', 'vehicle'],
  ['bus', 'vehicle'],
  ['truck', 'vehicle'],
  ['bicycle', 'bicycle'],
  ['bird', 'animal'],
  ['cat', 'animal'],
  ['dog', 'animal'],
  // Words of detectors that tell no more apart.
  ['vehicle', 'vehicle'],
  ['animal', 'animal'],
  ['motion', 'motion'],
] satisfies [string, ClassGroup][]);

/** Classes that are stored unless the user's settings say otherwise. */
export const DEFAULT_KEPT_LABELS: readonly string[] = ['person', 'bicycle', 'car', 'motorcycle', 'bus', 'truck', 'bird', 'cat', 'dog'];

/** No detection below this score is stored, so gates can change later without inference. */
export const SCORE_FLOOR = 0.25;

/** Smallest score that counts for events, by label. */
export type Gates = Readonly<Record<string, number>>;

export const DEFAULT_GATES: Gates = {
  person: 0.4,
  bicycle: 0.5,
  car: 0.5,
  motorcycle: 0.5,
  truck: 0.5,
  bus: 0.55,
  cat: 0.45,
  dog: 0.45,
  bird: 0.45,
  animal: 0.45,
  motion: 0.45,
};

/** Gate of every class that has none of its own. */
export const OTHER_GATE = 0.5;

/** Any label without a group of its own is `other`. */
export function groupOf(label: string): ClassGroup {
  return GROUP_OF_LABEL.get(label) ?? 'other';
}

/** Labels that words of labels and class groups stand for; with the group `other` among them also all labels but `exceptLabels`. */
export function labelsOf(classes: readonly string[]): { labels: string[]; exceptLabels?: string[] } {
  const grouped = [...GROUP_OF_LABEL].filter(([, group]) => classes.includes(group)).map(([label]) => label);
  const labels = [...new Set([...classes, ...grouped])];
  return classes.includes('other') ? { labels, exceptLabels: [...GROUP_OF_LABEL.keys()] } : { labels };
}

/** Whether a label found elsewhere is among those to keep. A word for a whole group is where any class of the group is. */
export function keepsLabel(classes: readonly string[], label: string): boolean {
  if (classes.includes(label)) return true;
  const group = groupOf(label);
  if (label !== group || group === 'other') return false;
  return group === 'motion' || classes.some((one) => groupOf(one) === group);
}

/** What may stand still for a while and yet be there on purpose. */
export function isLiving(group: ClassGroup): boolean {
  return group === 'person' || group === 'animal';
}

/** The user's gate for the label, else the default one. A score at or above it passes. */
export function gateOf(label: string, gates: Gates = {}): number {
  if (Object.hasOwn(gates, label)) return gates[label] ?? OTHER_GATE;
  return Object.hasOwn(DEFAULT_GATES, label) ? (DEFAULT_GATES[label] ?? OTHER_GATE) : OTHER_GATE;
}

export function passesGate(detection: { label: string; score: number }, gates?: Gates): boolean {
  return detection.score >= gateOf(detection.label, gates);
}

/** Whether a person at or above the gate is among the detections: such a frame is looked at again soon. */
export function hasGatedPerson(detections: readonly { label: string; score: number }[], gates?: Gates): boolean {
  return detections.some((detection) => groupOf(detection.label) === 'person' && passesGate(detection, gates));
}
