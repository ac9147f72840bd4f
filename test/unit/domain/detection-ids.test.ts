import { expect, test } from 'vitest';

import { parseDetectionIds } from '../../../src/domain/detection-ids.ts';

test.each([
  ['no text', null],
  ['an empty text', ''],
  ['blanks', '  \t\r\n '],
  ['a byte-order mark', '\uFEFF'],
  ['white space that only Unicode knows', '\u0085\u00A0\u2003\u3000'],
  ['an empty array', '[]'],
  ['an array of a blank', '[ ]'],
  ['commas', ',,,'],
  ['empty quotes', '"",\'\''],
])('%s holds no ids and nothing to report (schema §8)', (_, text) => {
  expect(parseDetectionIds(text)).toEqual({ ids: [], problems: {} });
});

test.each([
  ['[1, 2, 3]', [1, 2, 3]],
  ['1,2,3', [1, 2, 3]],
  [' [4,5] ', [4, 5]],
  ['4, 5 ,6', [4, 5, 6]],
  ['14,\t15', [14, 15]],
  ['14,\r\n15\n', [14, 15]],
  ['12,,13,', [12, 13]],
  ['[16,16]', [16]],
  ['16,016,16', [16]],
  ['019', [19]],
  ['"20","21"', [20, 21]],
  ["'22', '23'", [22, 23]],
  ['["24","025"]', [24, 25]],
  ['[1e2]', [100]],
  ['[26.0]', [26]],
  ['\uFEFF[27]', [27]],
  ['99999999999', [99_999_999_999]],
  ['9007199254740991', [9_007_199_254_740_991]],
  ['[9007199254740991]', [9_007_199_254_740_991]],
  ['00000000000000000000000000000000000028', [28]],
])('%j is read whole (schema §8)', (text, ids) => {
  expect(parseDetectionIds(text)).toEqual({ ids, problems: {} });
});

test.each([
  ['[1,2,]', [1, 2], { malformed_json: 1 }],
  ['[1,2', [1, 2], { malformed_json: 1 }],
  ['[1 2]', [], { malformed_json: 1, not_an_id: 1 }],
  ['[', [], { malformed_json: 1 }],
  ['[[', [], { malformed_json: 1, not_an_id: 1 }],
  ['[1]x', [], { malformed_json: 1, not_an_id: 1 }],
  ['[019]', [19], { malformed_json: 1 }],
  ['[NaN,3]', [3], { malformed_json: 1, not_an_id: 1 }],
  ['1,2]', [1], { not_an_id: 1 }],
  ['7,abc,8', [7, 8], { not_an_id: 1 }],
  ['["9","x",10.5,null,11]', [9, 11], { not_an_id: 3 }],
  ['[[1],{"a":2},true,""]', [], { not_an_id: 4 }],
  ['[" 9 ", "1_0", "0x1f", "1e2"]', [], { not_an_id: 4 }],
  ['{"a":1}', [], { not_an_id: 1 }],
  ['-17,+18', [], { not_an_id: 2 }],
  ['1.0', [], { not_an_id: 1 }],
  ['1;2', [], { not_an_id: 1 }],
  ['١٢', [], { not_an_id: 1 }],
  ['0', [], { out_of_range: 1 }],
  ['[0, -0]', [], { out_of_range: 2 }],
  ['[-17]', [], { out_of_range: 1 }],
  ['[1e400, -1e400]', [], { out_of_range: 2 }],
  ['9007199254740993', [], { out_of_range: 1 }],
  ['9007199254740992', [], { out_of_range: 1 }],
  ['[9007199254740993]', [], { out_of_range: 1 }],
  ['9'.repeat(400), [], { out_of_range: 1 }],
  ['"unclosed,5', [5], { not_an_id: 1 }],
])('%j gives what can be read and reports the rest (schema §8)', (text, ids, problems) => {
  expect(parseDetectionIds(text)).toEqual({ ids, problems });
});

test.each([
  ['a million brackets', '['.repeat(1_000_000), { malformed_json: 1, not_an_id: 1 }],
  ['a million open arrays that close', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`, undefined],
  ['a megabyte of quotes', '"'.repeat(1_000_001), { not_an_id: 1 }],
  ['a megabyte of blanks inside', `1${' '.repeat(1_000_000)}2`, { not_an_id: 1 }],
])('%s neither stops the reading nor outlasts a test', (_, text, problems) => {
  const parsed = parseDetectionIds(text);
  expect(parsed.ids).toEqual([]);
  if (problems) expect(parsed.problems).toEqual(problems);
});

test('a long list is read whole', () => {
  const ids = Array.from({ length: 300_000 }, (_, index) => index + 1);
  expect(parseDetectionIds(JSON.stringify(ids)).ids).toEqual(ids);
  expect(parseDetectionIds(ids.join(',')).ids).toEqual(ids);
});
