import type { ActivityBaseline } from './baselines.ts';

/** Seven weekdays from monday by 24 local hours; null where nothing is known, 0 where it is known to be quiet. */
export type HeatMap = (number | null)[][];

export function baselineHeatMap(rows: readonly ActivityBaseline[]): HeatMap {
  const map: HeatMap = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => null));
  for (const { weekday, hour, avgCount, sampleCount } of rows) {
    const day = map[weekday];
    if (day && hour in day && sampleCount > 0) day[hour] = avgCount;
  }
  return map;
}
