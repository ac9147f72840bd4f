import { expect, test } from 'vitest';
import { parseCsv } from '../../../scripts/demo/parse-csv.ts';

test.each<[string, Record<string, string>[]]>([
  ['', []],
  ['a,b\n', []],
  ['a,b\n1,2\n', [{ a: '1', b: '2' }]],
  ['a,b\n1,2', [{ a: '1', b: '2' }]],
  ['a,b\r\n,\r\n', [{ a: '', b: '' }]],
  ['a,b\n"x, ""y""\nz",2\n', [{ a: 'x, "y"\nz', b: '2' }]],
])('reads %j', (text, records) => {
  expect(parseCsv(text)).toEqual(records);
});
