import type { ExportRecord } from '../export-record.ts';

const MOST_ZONES = 50;

/** What is counted while rows go by, for the sheet about them. */
export type ExportTally = {
  rows: number;
  cutCells: number;
  thumbnails: number;
  missingThumbnails: number;
  /** Rows by level, for each coloured column. */
  levels: Map<string, Map<string, number>>;
  timezones: Set<string>;
};

export function createExportTally(coloured: readonly string[]): ExportTally {
  const levels = new Map(coloured.map((key) => [key, new Map<string, number>()]));
  return { rows: 0, cutCells: 0, thumbnails: 0, missingThumbnails: 0, levels, timezones: new Set() };
}

export function countRecord(tally: ExportTally, record: ExportRecord): void {
  tally.rows += 1;
  for (const [key, counts] of tally.levels) {
    const level = record[key];
    const name = typeof level === 'string' ? level : 'none';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const zone = record['timezone'];
  if (typeof zone === 'string' && tally.timezones.size < MOST_ZONES) tally.timezones.add(zone);
}
