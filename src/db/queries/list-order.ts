import type { Knex } from 'knex';

/** One sort field out of a query's own list of names, never a column given by the user. */
export type ListSort<Field extends string> = { field: Field; descending: boolean };

type ListOrder<Field extends string> = {
  columns: Readonly<Record<Field, string>>;
  sort: ListSort<Field>;
  /** Fields without missing values. Only for them an index can give the descending order. */
  neverMissing?: readonly Field[];
  /** Column that makes the order total. */
  tieBreaker: string;
  /** 0 or absent: all rows. */
  limit?: number | undefined;
};

/** Adds a total order (missing values last) and the limit. */
export function orderList<Field extends string>(query: Knex.QueryBuilder, order: ListOrder<Field>): void {
  const { field, descending } = order.sort;
  const direction = descending ? 'desc' : 'asc';
  const column = { column: order.columns[field], order: direction };
  const isNeverMissing = order.neverMissing?.includes(field) === true;
  void query.orderBy([isNeverMissing ? column : { ...column, nulls: 'last' }, { column: order.tieBreaker, order: direction }]);
  if (order.limit !== undefined && order.limit > 0) void query.limit(order.limit);
}
