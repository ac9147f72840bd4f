/** Converts rows one by one as they come. */
export async function* mapRows<Row, Item>(rows: AsyncIterable<Row>, convert: (row: Row) => Item): AsyncIterable<Item> {
  for await (const row of rows) yield convert(row);
}
