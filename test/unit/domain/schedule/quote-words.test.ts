import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { crontabCommand, shellWord, systemdCommand, systemdText } from '../../../../src/domain/schedule/quote-words.ts';

const HARD = ['', ' ', "it's", '"', '\\', '$HOME', '`id`', '%', '100%', '\\%', ';', '*', '~', '#', '!', 'ä 😀', '-x', '\t', "'", 'a\\'];

test.each([
  [[], ''],
  [[''], "''"],
  [['hs', 'ingest', '/f'], 'hs ingest /f'],
  [['a b', "it's"], `'a b' 'it'\\''s'`],
  [['%Y', 'a%'], "'\\%Y' 'a\\%'"],
  [['a\nb'], undefined],
  [['a\rb'], undefined],
  [['a\0b'], undefined],
])('in a crontab %j is %s', (words, text) => {
  expect(crontabCommand(words)).toBe(text);
});

test('a shell reads back what was quoted, once cron has taken the % for itself', () => {
  const fromCron = (crontabCommand(HARD) ?? '').replaceAll('\\%', '%');
  const script = `for word in ${fromCron}; do printf '%s\\0' "$word"; done`;
  expect(execFileSync('/bin/sh', ['-c', script]).toString().split('\0').slice(0, -1)).toEqual(HARD);
  expect(HARD.map(shellWord).join('')).not.toMatch(/^[^']*\$/);
});

test.each([
  [[], ''],
  [[''], '""'],
  [['/usr/bin/hs', 'ingest', '--at=06:00'], '/usr/bin/hs ingest --at=06:00'],
  [['a b', 'say "x"'], '"a b" "say \\"x\\""'],
  [['100%', '$HOME', '%%'], '"100%%" "$$HOME" "%%%%"'],
  [['\\', ';', "it's"], '"\\\\" ";" "it\'s"'],
  [['a\nb\t\x7f'], '"a\\x0ab\\x09\\x7f"'],
  [['ä 😀'], '"ä 😀"'],
])('in a unit %j is %s', (words, text) => {
  expect(systemdCommand(words)).toBe(text);
});

test.each([
  ['', ''],
  ['100% sure', '100%% sure'],
  ['two\nlines\\', 'two lines'],
])('as a description %j is %j', (text, shown) => {
  expect(systemdText(text)).toBe(shown);
});
