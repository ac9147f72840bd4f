import { titleOf } from './excel-columns.ts';
import { LEVEL_COLOURS } from './excel-styles.ts';
import { LONGEST_CELL } from './excel-text.ts';
import type { ExportTally } from './export-tally.ts';

/** What a workbook says about itself. `timezone` holds where a camera has none; `filters` are those given, times in UTC. */
export type ExcelHead = {
  /** Name of the sheet: `events`. */
  type: string;
  exportedAt: Date;
  filters: Readonly<Record<string, unknown>>;
  version: string;
  timezone: string;
};

export type AboutRow = readonly [label: string, value: string | number | Date];

/** The sheet `about`: what was asked for, what came of it, and how to read it. */
export function aboutRows(head: ExcelHead, tally: ExportTally, sheetNames: readonly string[]): AboutRow[] {
  return [
    ['Export', head.type],
    ['Exported at (UTC)', head.exportedAt],
    ['Program', `hs ${head.version}`],
    ['Rows', tally.rows],
    ['Sheets', sheetNames.join(', ')],
    ...filterRows(head.filters),
    ...levelRows(tally),
    ['Times', 'UTC; at the camera in columns that end in "local"'],
    ['Time zones of cameras', tally.timezones.size === 0 ? 'none in these rows' : [...tally.timezones].sort().join(', ')],
    ['Time zone of the settings', head.timezone],
    ['Text that begins like a formula', 'has one apostrophe in front, which is not part of it'],
    ...remarks(tally),
  ];
}

function filterRows(filters: ExcelHead['filters']): AboutRow[] {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined && value !== null);
  if (given.length === 0) return [['Filters', 'none']];
  return given.map(([key, value]) => [`Filter: ${titleOf(key).toLowerCase()}`, filterText(value)]);
}

function filterText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(filterText).join('; ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The worst level first. */
function levelRows({ levels }: ExportTally): AboutRow[] {
  const order: string[] = LEVEL_COLOURS.map(({ value }) => value);
  const rank = (level: string): number => (order.includes(level) ? order.indexOf(level) : order.length);
  return [...levels].flatMap(([key, counts]) =>
    [...counts]
      .sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
      .map(([level, count]): AboutRow => [`${titleOf(key)}: ${level}`, count]),
  );
}

function remarks({ cutCells, thumbnails, missingThumbnails, rows }: ExportTally): AboutRow[] {
  const tried = thumbnails + missingThumbnails;
  return [
    ...(cutCells === 0
      ? []
      : [['Cells cut', `${String(cutCells)}, at ${String(LONGEST_CELL)} characters: Excel holds no more; they end with …`] as const]),
    ...(tried === 0 ? [] : [['Thumbnails', thumbnails] as const]),
    ...(missingThumbnails === 0 ? [] : [['Rows without a readable picture', missingThumbnails] as const]),
    ...(tried === 0 || tried === rows ? [] : [['Rows after the last thumbnail', rows - tried] as const]),
  ];
}
