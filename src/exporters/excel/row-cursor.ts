/** Rows one after another, with a look at those that come next. */
export type RowCursor<Row> = {
  next(): Promise<Row | undefined>;
  /** Up to `count` rows that `next` will give. */
  peek(count: number): Promise<readonly Row[]>;
  /** Tells the source that no more rows are wanted. */
  close(): Promise<void>;
};

export function createRowCursor<Row>(rows: AsyncIterable<Row> | Iterable<Row>): RowCursor<Row> {
  const iterator: Iterator<Row, unknown> | AsyncIterator<Row, unknown> =
    Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
  const ahead: Row[] = [];
  let hasEnded = false;
  async function pull(): Promise<Row | undefined> {
    if (hasEnded) return undefined;
    const result = await iterator.next();
    if (result.done !== true) return result.value;
    hasEnded = true;
    return undefined;
  }
  return {
    next: () => (ahead.length > 0 ? Promise.resolve(ahead.shift()) : pull()),
    async peek(count) {
      while (ahead.length < count) {
        const row = await pull();
        if (row === undefined) break;
        ahead.push(row);
      }
      return ahead;
    },
    async close() {
      if (!hasEnded) await iterator.return?.();
      hasEnded = true;
    },
  };
}
