import { expect, test } from 'vitest';
import { followRows } from '../../../../src/services/lists/follow-rows.ts';

type Row = { id: number; timestamp: Date };
const row = (id: number, ageMs = 0): Row => ({ id, timestamp: new Date(Date.now() - ageMs) });

/** Follows a store that grows by one batch at each look. */
async function follow(shown: Row[], batches: Row[][]): Promise<{ ids: number[]; asked: (number | undefined)[] }> {
  const store = [...shown];
  const asked: (number | undefined)[] = [];
  let looks = 0;
  const ids: number[] = [];
  const rows = followRows<number, Row>({
    shown,
    fetchAfter: (id) => {
      asked.push(id);
      store.push(...(batches[looks++] ?? []));
      return Promise.resolve(store.filter((each) => id === undefined || each.id > id).sort((a, b) => a.id - b.id));
    },
    isOver: () => Promise.resolve(looks >= batches.length),
    signal: new AbortController().signal,
    pollMs: 1,
  });
  for await (const { id } of rows) ids.push(id);
  return { ids, asked };
}

test('an empty store is looked at once more after its end', async () => {
  expect(await follow([], [])).toEqual({ ids: [], asked: [undefined] });
});

test('rows come once each, also those with a smaller id than rows that came before', async () => {
  const { ids } = await follow([row(1)], [[row(3)], [row(2), row(5)], [row(4)]]);
  expect(ids).toEqual([3, 2, 5, 4]);
});

test('what is older than a few seconds is not asked for again', async () => {
  const { asked } = await follow([row(1, 60_000), row(2, 60_000), row(7, 0)], [[], [row(8)]]);
  expect(asked).toEqual([2, 2, 2]);
});

test('rows before those that were shown stay out', async () => {
  const store = [row(1), row(2), row(3)];
  const rows = followRows<number, Row>({
    shown: [store[2]!],
    fetchAfter: (id) => Promise.resolve(store.filter((each) => id === undefined || each.id > id)),
    isOver: () => Promise.resolve(true),
    signal: new AbortController().signal,
  });
  for await (const each of rows) expect(each).toBeUndefined();
});

test('an abort ends it before the next look', async () => {
  const rows = followRows<number, Row>({ shown: [], fetchAfter: () => Promise.resolve([row(1)]), signal: AbortSignal.abort() });
  for await (const each of rows) expect(each).toBeUndefined();
});
