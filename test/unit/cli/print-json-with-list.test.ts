import { expect, test, vi } from 'vitest';
import { printJsonWithList } from '../../../src/cli/print-json-with-list.ts';

async function* each(items: readonly object[]): AsyncGenerator<object> {
  for (const item of items) yield await Promise.resolve(item);
}

test.each([
  ['an empty list', []],
  ['one item', [{ a: 1, b: { c: 'x\ny' } }]],
  [
    'more than is written at once',
    Array.from({ length: 3000 }, (_, index) => ({ path: `/f/${String(index)}`, note: '\n  "problems": []' })),
  ],
])('%s is printed as JSON.stringify would', async (_case, items) => {
  let text = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((part) => {
    text += String(part);
    return true;
  });
  const value = { first: ['x'], note: '\n  "problems": []', inner: { problems: [] }, problems: [], last: 1 };
  await printJsonWithList(value, { key: 'problems', items: each(items) });
  write.mockRestore();
  expect(text).toBe(`${JSON.stringify({ ...value, problems: items }, undefined, 2)}\n`);
});

test('a value without that list is an error of the program', async () => {
  await expect(printJsonWithList({ a: 1 }, { key: 'problems', items: each([]) })).rejects.toThrow('no empty list at problems');
});
