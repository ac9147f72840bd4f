import { formatBytes } from '../lib/format-bytes.ts';
import type { Column } from './column.ts';

type PrunedTable = {
  table: string;
  kind: string;
  keep: string;
  rows: number;
  over_age: number;
  kept: number;
  kept_why: Readonly<Record<string, number>>;
  goes: number;
  removed: number | null;
  bytes: number;
};

/** Of a preview with what would go, else with what went. */
export function pruneColumns({ isPreview }: { isPreview: boolean }): Column<PrunedTable>[] {
  const right = { align: 'right' } as const;
  return [
    { key: 'table', value: ({ table }) => table },
    { key: 'keep', value: ({ keep }) => keep },
    { key: 'rows', ...right, value: ({ rows }) => rows },
    { key: 'over_age', ...right, value: ({ over_age: count }) => count },
    { key: 'kept', ...right, value: ({ kept }) => kept },
    { key: 'goes', ...right, value: ({ goes }) => goes, isExtra: !isPreview },
    { key: 'removed', ...right, value: ({ removed }) => removed, isExtra: isPreview },
    { key: 'bytes', ...right, value: ({ bytes }) => bytes, format: ({ bytes }) => formatBytes(bytes) },
    { key: 'kept_why', value: ({ kept_why: why }) => why, format: ({ kept_why: why }) => reasonsText(why) },
    { key: 'kind', value: ({ kind }) => kind, isExtra: true },
  ];
}

type KeptKind = { kind: string; keep: string; origin: string; source: string | null } & Pick<
  PrunedTable,
  'rows' | 'over_age' | 'kept' | 'bytes'
>;

/** Keep times, and what is over age by them. */
export const RETENTION_COLUMNS: Column<KeptKind>[] = [
  { key: 'kind', value: ({ kind }) => kind },
  { key: 'keep', value: ({ keep }) => keep },
  { key: 'origin', value: ({ origin }) => origin },
  { key: 'rows', align: 'right', value: ({ rows }) => rows },
  { key: 'over_age', align: 'right', value: ({ over_age: count }) => count },
  { key: 'kept', align: 'right', value: ({ kept }) => kept },
  { key: 'bytes', align: 'right', value: ({ bytes }) => bytes, format: ({ bytes }) => formatBytes(bytes) },
  { key: 'source', value: ({ source }) => source, isExtra: true },
];

function reasonsText(why: Readonly<Record<string, number>>): string {
  return Object.entries(why)
    .map(([reason, count]) => `${reason.replaceAll('_', ' ')} ${String(count)}`)
    .join(', ');
}

/** Which months of detections go, or went, as whole tables; nothing for none. */
export function wholeMonthsText(months: readonly string[], { isPreview }: { isPreview: boolean }): string | undefined {
  if (months.length === 0) return undefined;
  const named = months.length > 6 ? `${months.slice(0, 3).join(', ')} … ${String(months.at(-1))}` : months.join(', ');
  return `detections of ${named} ${isPreview ? 'would go' : 'went'} as whole months`;
}

/** From so many rows on their room is worth a remark. */
const MANY_ROWS = 100_000;

/** What gives back the room of single rows, where there were many; nothing else. */
export function vacuumText(tables: readonly Pick<PrunedTable, 'removed'>[]): string | undefined {
  const removed = tables.reduce((sum, table) => sum + (table.removed ?? 0), 0);
  return removed < MANY_ROWS
    ? undefined
    : 'run hs db vacuum: new rows use the room of removed ones then; that of whole months is free already';
}
