/** Converts rows one by one as they come. */
export async function* mapRows<Row, Item>(rows: AsyncIterable<Row>, convert: (row: Row) => Item): AsyncIterable<Item> {
  for await (const row of rows) yield convert(row);
}

/** The first rows, then the others as they come. */
export async function* inOrder<Row>(first: Iterable<Row>, then: AsyncIterable<Row> | Iterable<Row>): AsyncIterable<Row> {
  yield* first;
  yield* then;
}
