import { expect, test } from 'vitest';
import { csvLine } from '../../../src/lib/csv-line.ts';
import { guardFormula, unguardFormula } from '../../../src/lib/guard-formula.ts';

test.each([
  ['', ''],
  ['=1+1', "'=1+1"],
  ['-5', "'-5"],
  ['  =A1', "'  =A1"],
  ['＝A', "'＝A"],
  ['12-3', '12-3'],
  ["'hello", "'hello"],
  ["'=1", "''=1"],
  ['@x', "'@x"],
  ['\tx', "'\tx"],
  ['\n', "'\n"],
])('guards %j as %j and reads it back (§10.14)', (text, guarded) => {
  expect(guardFormula(text)).toBe(guarded);
  expect(unguardFormula(guarded)).toBe(text);
});

test('a line quotes what RFC 4180 asks for, guards text only, and leaves missing values empty', () => {
  expect(csvLine(['a,b', 'say "x"', '-5', -5, true, null, undefined, 'two\nlines', 10n])).toBe(
    '"a,b","say ""x""",\'-5,-5,true,,,"two\nlines",10\n',
  );
  expect(csvLine([])).toBe('\n');
});
