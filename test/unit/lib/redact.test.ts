import { expect, test } from 'vitest';
import { redact, redactText, secretsOfUrl } from '../../../src/lib/redact.ts';

test.each([
  ['', ''],
  ['no secret here: a@b', 'no secret here: a@b'],
  ['postgres://hs:secret@db/hs', 'postgres://***@db/hs'],
  ['cannot reach postgresql://hs:pa/ss@w?rd@db:5432/hs now', 'cannot reach postgresql://***@db:5432/hs now'],
  ['postgres://db/hs?user=a&password=secret&sslmode=require', 'postgres://db/hs?user=a&password=***&sslmode=require'],
  ['http://token@host/x', 'http://***@host/x'],
])('clears %j', (text, expected) => {
  expect(redactText(text)).toBe(expected);
});

test('clears a known secret that stands alone', () => {
  expect(redactText('auth failed for s3cret!', secretsOfUrl('postgres://u:s3cret!@h/d'))).toBe('auth failed for ***');
});

test.each([
  ['postgres://u:p%40ss@h/d', ['p%40ss', 'p@ss']],
  ['--db=postgres://u:pass@h/d', ['pass']],
  ['postgres://u@h/d', []],
  ['postgres://h/d?password=abc', ['abc']],
  ['nothing', []],
])('finds the secrets of %s', (url, expected) => {
  expect(secretsOfUrl(url).sort()).toEqual([...expected].sort());
});

test('replaces secrets at any depth and leaves the rest', () => {
  const value = { a: [{ url: 'postgres://u:p@h/d', n: 1 }], api_key: 'x', password: 'y', dbPassword: 'z', keyframes: 3, none: null };
  expect(redact(value)).toEqual({
    a: [{ url: 'postgres://***@h/d', n: 1 }],
    api_key: '***',
    password: '***',
    dbPassword: '***',
    keyframes: 3,
    none: null,
  });
});
