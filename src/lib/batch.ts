type BatchOptions = { count: number; intervalMs?: number };

const DUE = Symbol('due');

/**
 * Groups items into arrays of at most `count`; with `intervalMs` an incomplete group leaves once its oldest item has waited that long.
 * Order is kept; the source is closed when the consumer stops early.
 */
export async function* batch<T>(items: AsyncIterable<T> | Iterable<T>, options: BatchOptions): AsyncGenerator<T[]> {
  const { count, intervalMs = Infinity } = options;
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`batch count must be a whole number of at least 1, not ${String(count)}`);
  const source = toIterator(items);
  try {
    yield* groups(source, count, intervalMs);
  } finally {
    await source.return?.(undefined);
  }
}

async function* groups<T>(source: AsyncIterator<T, undefined>, count: number, intervalMs: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  let dueAtMs = Infinity;
  let next = pull(source);
  for (;;) {
    const step = await orDue(next, dueAtMs);
    if (step !== DUE) {
      if (step.done === true) break;
      if (group.push(step.value) === 1) dueAtMs = Date.now() + intervalMs;
      next = pull(source);
      if (group.length < count) continue;
    }
    yield group;
    group = [];
    dueAtMs = Infinity;
  }
  if (group.length > 0) yield group;
}

function pull<T>(source: AsyncIterator<T, undefined>): Promise<IteratorResult<T, undefined>> {
  const next = source.next();
  // The rejection is seen when the loop awaits it; without this a consumer that pauses would end the process.
  next.catch(() => undefined);
  return next;
}

async function* fromIterable<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

function toIterator<T>(items: AsyncIterable<T> | Iterable<T>): AsyncIterator<T, undefined> {
  return fromIterable(items) as AsyncIterator<T, undefined>;
}

async function orDue<T>(next: Promise<T>, dueAtMs: number): Promise<T | typeof DUE> {
  if (dueAtMs === Infinity) return next;
  let timer: NodeJS.Timeout | undefined;
  const due = new Promise<typeof DUE>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, dueAtMs - Date.now()), DUE);
  });
  return Promise.race([next, due]).finally(() => {
    clearTimeout(timer);
  });
}
