import { expect, test } from 'vitest';
import { listFormat, parseSort } from '../../../src/cli/list-flags.ts';

const FIELDS = ['id', 'started_at'] as const;
const NEWEST = { field: 'started_at', descending: true } as const;

test.each([
  [undefined, NEWEST],
  ['id', { field: 'id', descending: false }],
  ['id:asc', { field: 'id', descending: false }],
  ['started_at:desc', { field: 'started_at', descending: true }],
])('reads --sort %s', (text, expected) => {
  expect(parseSort(text, FIELDS, NEWEST)).toEqual(expected);
});

test.each(['', 'name', 'id:down', 'id:desc:desc', ':desc', 'started'])('refuses --sort %j and names the fields', (text) => {
  expect(() => parseSort(text, FIELDS, NEWEST)).toThrow(
    expect.objectContaining({ exitCode: 2, hint: expect.stringContaining('id, started_at') }) as Error,
  );
});

test('the format is a table unless a flag says otherwise', () => {
  expect(listFormat({})).toBe('table');
  expect(listFormat({ json: false, ids: true })).toBe('ids');
  expect(listFormat({ json: true })).toBe('json');
});
