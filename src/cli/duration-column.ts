import type { Column } from './column.ts';
import { formatDuration } from './format-duration.ts';

/** Seconds are for programs. */
export function withDuration<Row>(column: Column<Row>): Column<Row> {
  if (!column.key.endsWith('_s')) return column;
  const text = (row: Row): string => {
    const value = column.value(row);
    return typeof value === 'number' ? (value === 0 ? '0' : formatDuration(value * 1000)) : '';
  };
  return { ...column, title: column.key.slice(0, -2), format: text };
}
