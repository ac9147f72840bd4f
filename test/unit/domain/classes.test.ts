import { expect, test } from 'vitest';
import { DEFAULT_KEPT_LABELS, gateOf, groupOf, hasGatedPerson, keepsLabel, passesGate } from '../../../src/domain/classes.ts';
import { COCO_LABELS } from '../../../src/domain/coco-labels.ts';

test('the kept classes are COCO 0, 1, 2, 3, 5, 7, 14, 15, 16 (§4)', () => {
  expect(COCO_LABELS).toHaveLength(80);
  expect(new Set(COCO_LABELS).size).toBe(80);
  expect([0, 1, 2, 3, 5, 7, 14, 15, 16].map((id) => COCO_LABELS[id])).toEqual(DEFAULT_KEPT_LABELS);
  expect(COCO_LABELS[79]).toBe('toothbrush');
});

test.each([
  ['person', 'person'],
  ['car', 'vehicle'],
  ['motorcycle', 'vehicle'],
  ['bus', 'vehicle'],
  ['truck', 'vehicle'],
  ['bicycle', 'bicycle'],
  ['bird', 'animal'],
  ['cat', 'animal'],
  ['dog', 'animal'],
  ['motion', 'motion'],
  ['umbrella', 'other'],
  ['', 'other'],
  ['constructor', 'other'],
])('%s belongs to the group %s (§0)', (label, group) => {
  expect(groupOf(label)).toBe(group);
});

test.each([
  ['person', 0.4],
  ['bicycle', 0.5],
  ['car', 0.5],
  ['motorcycle', 0.5],
  ['truck', 0.5],
  ['bus', 0.55],
  ['cat', 0.45],
  ['dog', 0.45],
  ['bird', 0.45],
  ['motion', 0.45],
  ['umbrella', 0.5],
  ['constructor', 0.5],
])('the gate of %s is %d; a score at it passes (§4)', (label, gate) => {
  expect(gateOf(label)).toBe(gate);
  expect(passesGate({ label, score: gate })).toBe(true);
  expect(passesGate({ label, score: gate - 0.0001 })).toBe(false);
});

test('a gate of the settings replaces the one of its class only (§4)', () => {
  expect(gateOf('person', { person: 0.7 })).toBe(0.7);
  expect(gateOf('person', { person: 0 })).toBe(0);
  expect(gateOf('car', { person: 0.7 })).toBe(0.5);
  expect(gateOf('umbrella', { umbrella: 0.9 })).toBe(0.9);
});

test('only a person at or above the gate holds the gate open (§3.4)', () => {
  expect(hasGatedPerson([])).toBe(false);
  expect(hasGatedPerson([{ label: 'car', score: 0.99 }])).toBe(false);
  expect(hasGatedPerson([{ label: 'person', score: 0.39 }])).toBe(false);
  expect(hasGatedPerson([{ label: 'person', score: 0.4 }])).toBe(true);
  expect(hasGatedPerson([{ label: 'person', score: 0.4 }], { person: 0.5 })).toBe(false);
});

test.each<[string[], string, boolean]>([
  [[], 'person', false],
  [[], 'motion', true],
  [['person'], 'person', true],
  [['person'], 'vehicle', false],
  [['person', 'truck'], 'vehicle', true],
  [['dog'], 'animal', true],
  [['dog'], 'cat', false],
  [['chair'], 'other', false],
  [['chair'], 'chair', true],
])('of %j a label found elsewhere, %s, is kept: %s', (classes, label, isKept) => {
  expect(keepsLabel(classes, label)).toBe(isKept);
});
