import { expect, test } from 'vitest';
import { batch } from '../../../src/lib/batch.ts';
import { mapConcurrently } from '../../../src/lib/map-concurrently.ts';
import { sleep } from '../../../src/lib/sleep.ts';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test.each([
  [[], 3, []],
  [[1], 3, [[1]]],
  [[1, 2, 3], 3, [[1, 2, 3]]],
  [[1, 2, 3, 4], 3, [[1, 2, 3], [4]]],
  [[1, 2], 1, [[1], [2]]],
])('groups %j by %i', async (items, count, expected) => {
  expect(await all(batch(items, { count }))).toEqual(expected);
});

test.each([0, -1, 1.5, NaN])('refuses a batch of %d', async (count) => {
  await expect(all(batch([1], { count }))).rejects.toThrow(RangeError);
});

test('an incomplete group leaves when its oldest item has waited long enough', async () => {
  const pause = new AbortController();
  async function* slow(): AsyncGenerator<number> {
    yield 1;
    yield 2;
    await sleep(30_000, pause.signal);
    yield 3;
  }
  const groups = batch(slow(), { count: 10, intervalMs: 20 });
  expect((await groups.next()).value).toEqual([1, 2]);
  pause.abort();
  expect(await all(groups)).toEqual([[3]]);
});

test('closes its source when the consumer stops, and passes its error on', async () => {
  let isClosed = false;
  async function* endless(): AsyncGenerator<number> {
    try {
      for (let n = 0; ; n++) yield n;
    } finally {
      isClosed = true;
    }
  }
  for await (const group of batch(endless(), { count: 2 })) {
    expect(group).toEqual([0, 1]);
    break;
  }
  expect(isClosed).toBe(true);
  async function* failing(): AsyncGenerator<number> {
    yield 1;
    throw new Error('source broke');
  }
  await expect(all(batch(failing(), { count: 5 }))).rejects.toThrow('source broke');
});

test('maps with bounded concurrency and keeps the order', async () => {
  let running = 0;
  let most = 0;
  const results = mapConcurrently(
    [30, 1, 20, 5, 1],
    async (delayMs) => {
      most = Math.max(most, ++running);
      await sleep(delayMs);
      running--;
      return delayMs;
    },
    { concurrency: 2 },
  );
  expect(await all(results)).toEqual([30, 1, 20, 5, 1]);
  expect(most).toBe(2);
});

test('takes no further item after the signal', async () => {
  const stop = new AbortController();
  const taken: number[] = [];
  function* source(): Generator<number> {
    for (let n = 0; n < 1000; n++) {
      taken.push(n);
      yield n;
    }
  }
  for await (const n of mapConcurrently(source(), (item) => item, { concurrency: 2, signal: stop.signal })) if (n === 3) stop.abort();
  expect(taken.length).toBeLessThan(20);
});

test('sleep ends early without an error when its signal aborts', async () => {
  const started = Date.now();
  await sleep(30_000, AbortSignal.abort());
  expect(Date.now() - started).toBeLessThan(5_000);
});
