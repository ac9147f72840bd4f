import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLongList, type LongList } from '../../../src/lib/long-list.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hs-long-list-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

async function allOf<T>(list: LongList<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list.all()) items.push(item);
  return items;
}

test('an empty list has nothing in it and needs no file', async () => {
  const list = createLongList({ kept: 0, complete: true });
  expect([list.count(), list.first(), await allOf(list), list.lost()]).toEqual([0, [], [], undefined]);
});

test.each([
  ['all in memory', 100_000],
  ['some in memory', 7],
  ['none in memory', 0],
])('everything comes back in order, %s, and no file with a name is ever there', async (_case, kept) => {
  const list = createLongList<{ path: string }>({ kept, complete: true });
  const items = Array.from({ length: 5000 }, (_, index) => ({ path: `/f/${String(index)}\n\r\u2028\u2029\u0085"é.jpg` }));
  for (const item of items) list.add(item);
  expect(await allOf(list)).toEqual(items);
  expect(await allOf(list)).toEqual(items);
  expect(list.count()).toBe(5000);
  expect(list.first()).toEqual(items.slice(0, kept));
  expect(readdirSync(folder)).toEqual([]);
});

test('a list that is not wanted as a whole counts what it drops', async () => {
  const list = createLongList<{ n: number }>({ kept: 2, complete: false });
  for (let n = 0; n < 5; n += 1) list.add({ n });
  expect([list.count(), await allOf(list)]).toEqual([5, [{ n: 0 }, { n: 1 }]]);
});

test('where no file can be written the first ones come back, the count is right, and the loss is told', async () => {
  vi.stubEnv('TMPDIR', join(folder, 'missing'));
  const list = createLongList<{ n: number }>({ kept: 1, complete: true });
  for (let n = 0; n < 20_000; n += 1) list.add({ n });
  expect([list.count(), await allOf(list)]).toEqual([20_000, [{ n: 0 }]]);
  expect(list.lost()?.message).toContain('ENOENT');
});
