import { counted } from '../lib/counted.ts';

/** "9 rows of 58 tables": how much a backup holds. */
export function rowsText({ rows, tables }: { rows: number; tables: number }): string {
  return `${counted(rows, 'row')} of ${counted(tables, 'table')}`;
}
