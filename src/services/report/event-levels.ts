import type { EventCountRow } from '../../db/queries/report/event-counts.ts';
import type { LevelCounts } from '../../exporters/report/report-data.ts';

export function levelsOf(rows: readonly Pick<EventCountRow, 'level' | 'events'>[]): LevelCounts {
  const counts: LevelCounts = { critical: 0, high: 0, medium: 0, low: 0, unscored: 0 };
  for (const { level, events } of rows) counts[level ?? 'unscored'] += events;
  return counts;
}

export function addLevels(a: LevelCounts, b: LevelCounts): LevelCounts {
  return {
    critical: a.critical + b.critical,
    high: a.high + b.high,
    medium: a.medium + b.medium,
    low: a.low + b.low,
    unscored: a.unscored + b.unscored,
  };
}
