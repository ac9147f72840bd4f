import { expect, test } from 'vitest';
import { snakeCased } from '../../../src/cli/snake-cased.ts';

test.each([
  [{}, {}],
  [[], []],
  [
    { a: null, b: 'camelCase' },
    { a: null, b: 'camelCase' },
  ],
  [
    { exitCode: 3, tally: { knownDamaged: 1, list: [{ mediaFileId: 2 }] } },
    { exit_code: 3, tally: { known_damaged: 1, list: [{ media_file_id: 2 }] } },
  ],
])('%j has snake_case keys', (value, expected) => {
  expect(snakeCased(value)).toEqual(expected);
});
