import type { Column } from './column.ts';

type Moved = { id: string; event_id: number; from: string; to: string; changed: boolean };

/** Columns of alerts that somebody dealt with. */
export const MOVED_COLUMNS: Column<Moved>[] = (['id', 'event_id', 'from', 'to', 'changed'] as const).map((key) => ({
  key,
  value: (alert) => alert[key],
}));
