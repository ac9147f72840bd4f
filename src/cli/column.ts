import { UsageError } from '../errors/hs-error.ts';
import { nearestName } from '../lib/nearest-name.ts';
import { visibleText } from './visible-text.ts';

export type CellValue = string | number | bigint | boolean | Date | object | null | undefined;

/** One column of a list. `value` is what JSON and CSV hold; `format` only changes what people see. */
export type Column<Row> = {
  key: string;
  title?: string;
  align?: 'left' | 'right';
  value: (row: Row) => CellValue;
  format?: (row: Row) => string;
  /** Of a path the end tells more than the beginning. */
  cutAtStart?: boolean;
  /** Shown only when asked for with `--columns`; JSON always has it. */
  isExtra?: boolean;
};

/** The columns to show, in the order asked for. Throws `UsageError` for an unknown name. */
export function chooseColumns<Row>(columns: readonly Column<Row>[], wanted: readonly string[] | undefined): Column<Row>[] {
  if (wanted === undefined || wanted.length === 0) return columns.filter(({ isExtra }) => isExtra !== true);
  const known = columns.map(({ key }) => key);
  return wanted.map((name) => {
    const found = columns.find(({ key }) => key === name);
    if (found !== undefined) return found;
    const meant = nearestName(name, known);
    const hint = meant === undefined ? `known columns: ${known.join(', ')}` : `did you mean ${meant}? Known columns: ${known.join(', ')}`;
    throw new UsageError(`--columns: there is no column ${JSON.stringify(name)}`, { hint });
  });
}

/** What people see in a cell: one line without control or direction characters. */
export function cellText<Row>(column: Column<Row>, row: Row): string {
  return visibleText(column.format === undefined ? plainText(column.value(row)) : column.format(row));
}

/** Text of a value: lists joined with `; `, times in UTC with ms, other objects as JSON, missing values empty. */
export function plainText(value: CellValue): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => plainText(item as CellValue)).join('; ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A row as a JSON object with the columns' keys. */
export function toItem<Row>(columns: readonly Column<Row>[], row: Row): Record<string, unknown> {
  return Object.fromEntries(columns.map(({ key, value }) => [key, jsonValue(value(row))]));
}

function jsonValue(value: CellValue): unknown {
  if (value === undefined) return null;
  return typeof value === 'bigint' ? String(value) : value;
}
