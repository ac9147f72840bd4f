type StoredValue = string | number | boolean | object | null;

/** A column that changed; `from` and `to` as stored. */
export type ColumnChange = { column: string; from: StoredValue; to: StoredValue };

/** What a patch really changes of a row. */
export function changedColumns<Row extends object>(row: Row, patch: Partial<Row>): ColumnChange[] {
  return Object.entries(patch).flatMap(([column, to]) => {
    const from = row[column as keyof Row] as StoredValue;
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ column, from, to: to as StoredValue }];
  });
}
