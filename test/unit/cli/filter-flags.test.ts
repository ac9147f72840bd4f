import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { toChoices } from '../../../src/cli/choice-flag.ts';
import { toDetectionChoice, toEventFilter, toFileFilter, toId } from '../../../src/cli/filter-flags.ts';
import { readIds, readWords } from '../../../src/cli/read-words.ts';

const usage = expect.objectContaining({ exitCode: 2 }) as Error;

test.each([
  ['1', 1],
  [' 42 ', 42],
  ['9007199254740991', 9_007_199_254_740_991],
])('%j is the id %d', (text, id) => {
  expect(toId(text)).toBe(id);
});

test.each(['', '0', '-1', '1.5', '1e3', 'abc', '9007199254740992', '1;drop'])('%j is not an id', (text) => {
  expect(() => toId(text)).toThrow(usage);
});

test('a word that is no choice is a usage error that names the nearest', () => {
  expect(() => toChoices('level', ['high', 'criticla'], ['low', 'high', 'critical'])).toThrow(
    expect.objectContaining({ exitCode: 2, hint: 'did you mean critical?' }),
  );
  expect(toChoices('level', undefined, ['low'])).toBeUndefined();
});

test('flags that were not given do not narrow', () => {
  expect(Object.values(toEventFilter({}))).toEqual(Array(8).fill(undefined));
  expect(toDetectionChoice({})).toEqual({ filter: {}, files: undefined });
  expect(toFileFilter({ failed: false })).toEqual({});
});

test('--failed means failed and partial files', () => {
  expect(toFileFilter({ failed: true }).statuses).toEqual(['failed', 'partial']);
});

test.each(['', ' ', '1.1', '-0.1', 'x', 'NaN'])('--min-confidence %j is refused', (text) => {
  expect(() => toDetectionChoice({ 'min-confidence': text })).toThrow(usage);
});

test('- reads words from standard input, line by line, between those given', async () => {
  const input = Readable.from(['3\n\n 4 \r\n5']);
  expect(await readWords(['1', '-', '2'], input)).toEqual(['1', '3', '4', '5', '2']);
  expect(await readWords(['1'], Readable.from(['9']))).toEqual(['1']);
});

test('- on a terminal is a usage error instead of a silent wait', async () => {
  await expect(readWords(['-'], Object.assign(Readable.from([]), { isTTY: true }))).rejects.toThrow(usage);
});

test('ids are read once each; no ids at all are an empty list, not all', async () => {
  expect(await readIds('3,1,3')).toEqual([3, 1]);
  expect(await readIds('-', Readable.from(['2\n2\n']))).toEqual([2]);
  expect(await readIds('-', Readable.from([]))).toEqual([]);
  expect(await readIds(undefined)).toBeUndefined();
  await expect(readIds('1,x')).rejects.toThrow(usage);
});
