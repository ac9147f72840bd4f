import { expect, test } from 'vitest';

import { validateEnrichmentData } from '../../../src/domain/enrichment-data.ts';

// schema §9

test('no enrichment is valid', () => {
  expect(validateEnrichmentData(null)).toEqual({ ok: true, messages: [], coerced: null });
  expect(validateEnrichmentData({})).toEqual({ ok: true, messages: [], coerced: {} });
});

test.each([[undefined], [''], ['{}'], [0], [true], [[]], [[{ vehicle: {} }]]])('%j is not enrichment data', (value) => {
  const { ok, messages, coerced } = validateEnrichmentData(value);
  expect({ ok, coerced }).toEqual({ ok: false, coerced: null });
  expect(messages).toEqual([expect.stringContaining('not an object')]);
});

test.each<[key: string, value: unknown, coerced: unknown]>([
  ['confidence', 1.5, 1],
  ['confidence', -0.1, 0],
  ['confidence', Infinity, 1],
  ['confidence', '0.9', 0.9],
  ['confidence', ' 2 ', 1],
  ['confidence', '', null],
  ['confidence', ' ', null],
  ['confidence', 'high', null],
  ['confidence', '90%', null],
  ['confidence', Number.NaN, null],
  ['confidence', true, null],
  ['confidence', [0.5], null],
  ['ocr_confidence', 7, 1],
  ['quality_score', 101, 100],
  ['quality_score', -1, 0],
  ['quality_score', '55.5', 55.5],
  ['quality_score', 'good', null],
  ['processing_time_ms', -3, 0],
  ['processing_time_ms', '12', 12],
  ['processing_time_ms', {}, null],
  ['is_violent', 'true', true],
  ['is_violent', 'YES', true],
  ['is_violent', '1', true],
  ['is_violent', 1, true],
  ['has_damage', 'false', false],
  ['has_damage', 'no', false],
  ['has_damage', 0, false],
  ['has_damage', 'maybe', null],
  ['has_damage', [], null],
  ['errors', 'timeout', ['timeout']],
  ['errors', { code: 5 }, [{ code: 5 }]],
  ['errors', false, [false]],
])('%s %j is read as %j, and said', (key, value, coerced) => {
  const check = validateEnrichmentData({ [key]: value });
  expect(check).toMatchObject({ ok: true, coerced: { [key]: coerced } });
  expect(check.messages).toEqual([expect.stringMatching(new RegExp(`^${key}: .* read as `))]);
});

test.each<Record<string, unknown>>([
  { confidence: 0 },
  { confidence: 1 },
  { confidence: null },
  { quality_score: 0 },
  { quality_score: 100 },
  { processing_time_ms: 0 },
  { is_violent: false },
  { is_violent: null },
  { errors: [] },
  { errors: null },
  { errors: ['a', 5] },
  { confidence_note: 'high', island: 'true', hash: '1', score: 7 },
  { vehicle: null, vehicles: null },
  { faces: [{ bbox: [1, 2, 3, 4], confidence: 0.5 }], weather: { condition: 'rain' } },
])('%j is kept as it is', (value) => {
  expect(validateEnrichmentData(value)).toEqual({ ok: true, messages: [], coerced: value });
});

test.each<[value: Record<string, unknown>, coerced: Record<string, unknown>]>([
  [{ vehicle: { type: 'car' } }, { vehicles: [{ type: 'car' }] }],
  [{ pet: 'cat', pets: null }, { pets: ['cat'] }],
  [{ license_plate: [{ text: 'A' }, { text: 'B' }] }, { license_plates: [{ text: 'A' }, { text: 'B' }] }],
])('the singular %j folds into the plural', (value, coerced) => {
  const check = validateEnrichmentData(value);
  expect(check.coerced).toEqual(coerced);
  expect(check.messages).toHaveLength(1);
});

test('a singular beside its plural stays', () => {
  const value = { vehicle: { type: 'car' }, vehicles: [] };
  expect(validateEnrichmentData(value)).toEqual({ ok: true, messages: [], coerced: value });
});

test('values are read at every depth, named by their path, and the argument is not changed', () => {
  const value = { vehicle: { confidence: '2', plates: [{ ocr_confidence: 'x' }] } };
  const before = structuredClone(value);
  expect(validateEnrichmentData(value)).toEqual({
    ok: true,
    messages: [
      'vehicle: "vehicle" read as "vehicles"',
      'vehicles[0].confidence: "2" read as 1',
      'vehicles[0].plates[0].ocr_confidence: "x" read as null',
    ],
    coerced: { vehicles: [{ confidence: 1, plates: [{ ocr_confidence: null }] }] },
  });
  expect(value).toEqual(before);
});

test('absurd data is read, and messages stay short', () => {
  const named = JSON.parse('{"__proto__": {"confidence": 5}, "constructor": {"confidence": 5}}') as unknown;
  const check = validateEnrichmentData(named);
  expect(JSON.stringify(check.coerced)).toBe('{"__proto__":{"confidence":1},"constructor":{"confidence":1}}');
  expect(validateEnrichmentData({ confidence: 'é'.repeat(1e6) }).messages[0]!.length).toBeLessThan(150);
  const nested = '{"a":'.repeat(2000) + '{"confidence":5}' + '}'.repeat(2000);
  expect(JSON.stringify(validateEnrichmentData(JSON.parse(nested)).coerced)).toBe(nested);
});
