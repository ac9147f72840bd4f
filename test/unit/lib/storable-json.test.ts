import { expect, test } from 'vitest';
import { storableJson } from '../../../src/lib/storable-json.ts';

test.each([
  [null, null],
  [[], []],
  [{ a: 'plain' }, { a: 'plain' }],
  ['a\0b', 'ab'],
  ['\0', ''],
  [{ 'k\0ey': ['\0x'] }, { key: ['x'] }],
  ['\\u0000 is written so', '\\u0000 is written so'],
  ['\\\0', '\\'],
  ['half \ud83d of a pair', 'half \ufffd of a pair'],
  ['other half \udc00', 'other half \ufffd'],
  ['\\ud83d', '\\ud83d'],
  ['😀 "quoted" \n\t\u001f', '😀 "quoted" \n\t\u001f'],
])('%j', (value, stored) => {
  expect(JSON.parse(storableJson(value))).toEqual(stored);
});
