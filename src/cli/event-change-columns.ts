import { CHANGE_COLUMNS } from './change-columns.ts';
import type { CellValue, Column } from './column.ts';

type EventChange = { id: number; version: number; column: string; from: CellValue; to: CellValue };

/** Columns of what was changed about events. */
export const EVENT_CHANGE_COLUMNS: Column<EventChange>[] = [
  { key: 'id', value: ({ id }) => id },
  ...CHANGE_COLUMNS,
  { key: 'version', value: ({ version }) => version },
];
