import type { CellValue, Column } from './column.ts';

type Change = { column: string; from: CellValue; to: CellValue };

/** Columns of what a `set` command changed. */
export const CHANGE_COLUMNS: Column<Change>[] = [
  { key: 'column', value: ({ column }) => column },
  { key: 'from', value: ({ from }) => from },
  { key: 'to', value: ({ to }) => to },
];
