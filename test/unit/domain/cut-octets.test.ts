import { expect, test } from 'vitest';

import { cutOctets } from '../../../src/domain/cut-octets.ts';

// schema §9

test.each([
  ['', 0, ''],
  ['', 5, ''],
  ['abc', 0, ''],
  ['abc', -1, ''],
  ['abc', Number.NaN, ''],
  ['abc', Infinity, 'abc'],
  ['abc', 2.9, 'ab'],
  ['abc', 2, 'ab'],
  ['abc', 3, 'abc'],
  ['éé', 1, ''],
  ['éé', 2, 'é'],
  ['éé', 3, 'é'],
  ['éé', 4, 'éé'],
  ['日本', 5, '日'],
  ['a🙂b', 4, 'a'],
  ['a🙂b', 5, 'a🙂'],
  ['wait…', 6, 'wait'],
  ['wait…', 7, 'wait…'],
])('%j cut to %d octets is %j', (text, maxOctets, expected) => {
  expect(cutOctets(text, maxOctets)).toBe(expected);
});

test.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdef', 5, 'ab…'],
  ['abcdef', 3, '…'],
  ['abcdef', 2, 'ab'],
  ['abcdef', 0, ''],
  ['日本', 5, '…'],
  ['日本語', 8, '日…'],
])('%j cut to %d octets with an ellipsis, which counts, is %j', (text, maxOctets, expected) => {
  expect(cutOctets(text, maxOctets, '…')).toBe(expected);
});

test('half of a surrogate pair counts as the three octets it is stored with', () => {
  expect(cutOctets('a\ud83d', 3)).toBe('a');
  expect(cutOctets('a\ud83d', 4)).toBe('a\ud83d');
});

test('every cut of a mixed text is the longest prefix that fits', () => {
  const text = 'aé日🙂'.repeat(4);
  for (let maxOctets = 0; maxOctets <= 40; maxOctets++) {
    const cut = cutOctets(text, maxOctets);
    expect(text.startsWith(cut)).toBe(true);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(maxOctets);
    const next = Array.from(text.slice(cut.length))[0];
    if (next !== undefined) expect(Buffer.byteLength(cut + next)).toBeGreaterThan(maxOctets);
  }
});
