import { describe, expect, test } from 'vitest';
import { matchPath, STEP_LIMIT } from '../../../../src/domain/time/path-pattern.ts';
import { parseTemplate } from '../../../../src/domain/time/parse-template.ts';
import { PRESETS } from '../../../../src/domain/time/presets.ts';
import { splitTemplate, patternOf } from '../../../../src/domain/time/split-template.ts';
import { tryTemplate } from '../../../../src/domain/time/template.ts';

/** Names made to send a matcher through every way of splitting them, up to the longest path that is stored. */
const HOSTILE: string[] = [
  ...[
    'a',
    '0',
    '_',
    '-',
    '.',
    'f',
    '[',
    '{*}',
    '1_',
    'a-',
    '20260114',
    '20260114_0815',
    '1768378500',
    '1768378500-',
    '_01_20260114081500',
    'é',
    '\u0130',
    '\u0000',
  ].flatMap((unit) => [
    unit.repeat(Math.floor(255 / unit.length)),
    unit.repeat(Math.floor(2500 / unit.length)),
    `${unit.repeat(Math.floor(2490 / unit.length))}.jpg`,
  ]),
  '/'.repeat(2500),
  'a/'.repeat(1250),
  `${'2026-01-14/'.repeat(227)}x.mp4`,
  `2026-01-14/${'dav/'.repeat(600)}x.mp4`,
  `2026-01-14/${'dav/'.repeat(600)}08.15.00-08.15.25[M][0@0]${'[0]'.repeat(20)}.mp4x`,
  `clips/${'gate-1768378500-'.repeat(150)}`,
  `Mp4Record/2026-07-14/Rec${'a'.repeat(2000)}_DST20260714_081500_081530_.mp4x`,
  `${'_20260114081500123_'.repeat(130)}.jpg`,
  `192.168.1.64_01_20260431081500123${'_'.repeat(2000)}.jpg`,
];

describe('no name makes matching slow', () => {
  test.each(PRESETS.flatMap((preset) => preset.templates))('$layout $text', (template) => {
    for (const path of HOSTILE) {
      const { steps } = tryTemplate(template, path);
      expect(steps, `${String(path.length)} ${path.slice(0, 40)}`).toBeLessThan(STEP_LIMIT);
    }
  });

  test.each([
    ['{*}{*}{*}{*}{*}{*}{*}{*}{yyyy}{MM}{dd}{HH}x', 'a'.repeat(255)],
    ['{w}{w}{w}{w}{x}{x}{x}{yyyy}{MM}{dd}{HH}', 'a'.repeat(255)],
    ['{n}{n}{n}{n}{n}{yyyy}{MM}{dd}{HH}x', '1'.repeat(255)],
    ['{**}/{**}/{**}/{**}/{yyyy}{MM}{dd}{HH}', `${'a/'.repeat(120)}x`],
  ])('%s gives up on a dead end once only', (text, path) => {
    const parsed = parseTemplate(text, { layout: 'own' });
    if (!parsed.ok) throw new Error(parsed.message);
    const { match, steps } = tryTemplate(parsed.template, path);
    expect(match).toBeUndefined();
    expect(steps).toBeLessThan(STEP_LIMIT);
  });

  test.each([
    ['{camera}{*}{camera}{*}{camera}{*}x{yyyy}{MM}{dd}{HH}', 'ab'.repeat(1250)],
    ['{dd}/{w}{x}_{yyyy}{MM}{dd}{HH}', `14/${'a'.repeat(2000)}_2026041508`],
    ['{*}{camera}{*}{camera}{*}{camera}-{yyyy}{MM}{dd}{HH}', `${'aab'.repeat(800)}-2026043108`],
  ])('%s is left unmatched at the limit', (text, path) => {
    const parsed = parseTemplate(text, { layout: 'own' });
    if (!parsed.ok) throw new Error(parsed.message);
    const { match, steps } = tryTemplate(parsed.template, path);
    expect(match).toBeUndefined();
    expect(steps).toBeLessThanOrEqual(STEP_LIMIT);
  });
});

describe('remembering dead ends hides no match', () => {
  function matches(text: string, path: string, refuse: (captured: string) => boolean = () => false): boolean {
    const pieces = splitTemplate(text);
    if (typeof pieces === 'string') throw new Error(pieces);
    return matchPath(patternOf(pieces), path, (captures) => (refuse([...captures.values()].join()) ? undefined : true)).match !== undefined;
  }

  test.each([
    ['{*}{*}{*}b{n}', `${'ab'.repeat(40)}7`, true],
    ['{*}{*}{*}b{n}', `${'ab'.repeat(40)}c`, false],
    ['{**}/a{*}/{**}/b{*}', `${'a/'.repeat(60)}${'b/'.repeat(60)}bx`, true],
    ['{**}/a{*}/{**}/c{*}', `${'a/'.repeat(60)}${'b/'.repeat(60)}bx`, false],
    ['{camera}{*}-{*}{camera}!', `${'x'.repeat(30)}y-${'z'.repeat(30)}xxx!`, true],
    ['{*}{camera}-{camera}{*}!', `${'ab'.repeat(30)}q-q${'ba'.repeat(30)}!`, true],
    ['{*}{camera}-{camera}{*}!', `${'a'.repeat(60)}-${'b'.repeat(60)}!`, false],
  ])('%s', (text, path, expected) => {
    expect(matches(text, path)).toBe(expected);
  });

  test('a refused reading sends the search on to the next', () => {
    expect(matches('{*}{camera}{*}', `${'a'.repeat(20)}b`, (captured) => captured !== 'b')).toBe(true);
  });
});
