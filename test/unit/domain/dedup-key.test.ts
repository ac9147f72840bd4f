import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { fillDedupKey, unknownDedupVariables } from '../../../src/domain/dedup-key.ts';

const VALUES = { camera_id: 'front_door', rule_id: '0192f0c0-0000-7000-8000-000000000001', object_type: 'person' };

// schema §4.3
test.each([
  ['{camera_id}:{rule_id}', 'front_door:0192f0c0-0000-7000-8000-000000000001'],
  ['{object_type}/{camera_id}', 'person_front_door'],
  ['{camera_id}{camera_id}', 'front_doorfront_door'],
  ['all', 'all'],
  ['{zone_id}-{sequence_id}', 'none-none'],
  [' a b\t{camera_id}\n', '_a_b_front_door_'],
  ['{camera_id', '_camera_id'],
  ['}{', '__'],
  ['Zürich 日本 ٣', 'Zürich_日本_٣'],
  ['½²', '__'],
  ['😀', '_'],
  ["'; DROP TABLE alerts; --", '___DROP_TABLE_alerts__--'],
])('the template %j becomes the key %j (schema §4.3)', (template, key) => {
  expect(fillDedupKey(template, VALUES)).toBe(key);
});

test('what a value holds is cleaned too and never read as a variable', () => {
  expect(fillDedupKey('{object_type}', { ...VALUES, object_type: 'traffic light' })).toBe('traffic_light');
  expect(fillDedupKey('{object_type}', { ...VALUES, object_type: '{camera_id}' })).toBe('_camera_id_');
  expect(fillDedupKey('{object_type}', { ...VALUES, object_type: '$&' })).toBe('__');
  expect(fillDedupKey('{object_type}', { ...VALUES, object_type: null })).toBe('none');
});

test('a key of 255 characters is kept; a longer one keeps 200 and a hash, and stays apart from its like', () => {
  expect(fillDedupKey('é'.repeat(255), VALUES)).toBe('é'.repeat(255));
  const long = '𝒜'.repeat(256); // two UTF-16 units each, one character to the database
  const key = fillDedupKey(long, VALUES);
  expect(key).toBe(`${'𝒜'.repeat(200)}:${createHash('sha256').update(long).digest('hex').slice(0, 16)}`);
  expect(fillDedupKey(`${long}x`, VALUES)).not.toBe(key);
});

test.each(['', '{}', '{ camera_id }', '{Camera_id}', '{constructor}', '{camera_id}{nothing}'])('the template %j is refused', (template) => {
  expect(() => fillDedupKey(template, VALUES)).toThrow(RangeError);
});

test.each([
  ['', []],
  ['{camera_id}:{rule_id}:{object_type}:{zone_id}:{sequence_id}', []],
  ['{}', ['']],
  ['{x}{camera_id}{y}{x}', ['x', 'y']],
])('the unknown variables of %j are %j', (template, expected) => {
  expect(unknownDedupVariables(template)).toEqual(expected);
});
