import { pMapIterable } from 'p-map';

type MapConcurrentlyOptions = { concurrency: number; backpressure?: number; signal?: AbortSignal };

/**
 * Maps a stream with at most `concurrency` calls at once and at most `backpressure` results waiting; results come in the order of the items.
 * The signal stops before the next item is taken; what is under way finishes or follows the signal itself.
 */
export function mapConcurrently<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  map: (item: Item, index: number) => Promise<Result> | Result,
  options: MapConcurrentlyOptions,
): AsyncIterable<Result> {
  const { concurrency, backpressure = concurrency * 2, signal } = options;
  // `pMapSkip` of the library is not offered here, so every result of `map` is one result of the stream.
  const mapped = pMapIterable(untilAborted(items, signal), (item: Item, index: number) => map(item, index), { concurrency, backpressure });
  return mapped as AsyncIterable<Result>;
}

async function* untilAborted<T>(items: AsyncIterable<T> | Iterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  if (isAborted(signal)) return;
  for await (const item of items) {
    yield item;
    if (isAborted(signal)) return;
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
