import { expect, test } from 'vitest';
import { checkOutcomeText, checkSummaryText, ruleExplanationText } from '../../../src/cli/check-text.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';

const PLAIN: Terminal = { width: Infinity, isInteractive: false, isUnicode: true, style: (_, text) => text };
const RULE = { id: 'V4', severity: 'E', title: 'Levels follow scores.', why: 'They are derived.', fix: { does: 'derives them' } } as const;
const NOTHING = { rule: RULE, count: 0, places: [], fixed: 0, remaining: 0, problem: null };
const COUNTS = { held: 0, errors: 0, warnings: 0, notes: 0, fixed: 0 };

test('a rule that could not be looked at says why, and names no places', () => {
  expect(checkOutcomeText({ ...NOTHING, problem: 'could not be looked at: gone' }, PLAIN)).toBe(
    'E  V4  Levels follow scores.\n       could not be looked at: gone',
  );
});

test('the places named are the first ones, without control characters', () => {
  const places = [{ where: 'event 1', text: 'a\u001b[31mb' }];
  const lines = checkOutcomeText({ ...NOTHING, count: 3, remaining: 3, places }, PLAIN).split('\n');
  expect(lines[0]).toBe('E  V4  Levels follow scores. (3)');
  expect(lines[1]).not.toContain('\u001b');
  expect(lines.slice(2)).toEqual(['       … and 2 more', '       → hs check --fix derives them']);
});

test('with no place named the count says all', () => {
  expect(checkOutcomeText({ ...NOTHING, count: 3, remaining: 3 }, PLAIN)).not.toContain('more');
});

test('what was put right and what was not are told apart', () => {
  expect(checkOutcomeText({ ...NOTHING, count: 3, fixed: 2, remaining: 1 }, PLAIN)).toContain('→ put right: 2, still wrong: 1');
  expect(checkOutcomeText({ ...NOTHING, count: 3, fixed: 3 }, PLAIN)).toMatch(/→ put right: 3$/);
});

test.each([
  [{ ...COUNTS }, '0 rules hold'],
  [{ ...COUNTS, held: 1, errors: 1, warnings: 2, notes: 1 }, '1 rule holds, 1 error, 2 warnings, 1 note'],
  [{ ...COUNTS, held: 50, fixed: 2 }, '50 rules hold; 2 put right'],
])('the closing line of %j', (summary, text) => {
  expect(checkSummaryText({ summary, since: null, skipped: [] })).toBe(text);
});

test('the summary says what was left out and how to have it looked at', () => {
  const skipped = [
    { ...RULE, id: 'P2', effort: 'deep' },
    { ...RULE, id: 'M8', effort: 'files' },
    { ...RULE, id: 'N4', effort: 'deep' },
  ] as const;
  const lines = checkSummaryText({ summary: COUNTS, since: new Date('2026-01-01T00:00:00Z'), skipped }).split('\n');
  expect(lines[1]).toContain('since 2026-01-01');
  expect(lines[2]).toBe('not looked at: P2, N4 (--deep); M8 (--files)');
});

test('an explanation fits the terminal', () => {
  const text = ruleExplanationText({ ...RULE, why: 'word '.repeat(60), isBounded: true }, { ...PLAIN, width: 40 });
  expect(text.split('\n').every((line) => line.length <= 40)).toBe(true);
  expect(text).toContain('at all of it with');
});
